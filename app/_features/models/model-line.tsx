'use client';

import Link from 'next/link';
import { Button, buttonClass, formatBytes } from '@/app/_features/ui';
import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import { t } from './messages';
import { canTryAgain, modelInUseText } from './model-choice-text';
import {
  downloadModel,
  pauseModel,
  switchToDraft,
  switchToLarge,
  tryAgain,
} from './model-commands';
import { transferOf, transferPercent } from './model-facts';
import { useListedModels, useModelChoice, useModelName } from './use-models';

/** Which model writes the text of what comes next, why, and the other built-in one in one press. */
export function ModelLine() {
  const inUse = useModelChoice();
  const listed = useListedModels();
  const nameOf = useModelName();
  if (!inUse) return <p className="min-h-10 text-muted text-sm">{t('lookingUpModel')}</p>;
  const { chosen, standIn, large } = inUse;
  const base = listed?.find(({ model }) => model.id === large) ?? null;
  const names = {
    base: large === null ? '' : nameOf(large),
    draft: nameOf(DRAFT_MODEL_ID),
    chosen: nameOf(chosen),
  };
  const transfer = base && transferOf(base.state);
  const isComing = standIn?.kind === 'coming' ? transfer : null;
  const size =
    base?.state.state === 'absent' ? base.model.backends.wasm?.approximateBytes : undefined;
  return (
    <section aria-label={t('modelInUse')} className="text-sm">
      <p
        role={canTryAgain(inUse) ? 'alert' : undefined}
        className={`tabular-nums ${canTryAgain(inUse) ? 'text-warn' : 'text-muted'}`}
      >
        {modelInUseText(inUse, names, transfer)}
      </p>
      {isComing?.state === 'downloading' && (
        <div
          role="progressbar"
          aria-label={names.base}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={transferPercent(isComing)}
          className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
        >
          <div
            className="h-full origin-left rtl:origin-right rounded-full bg-accent"
            style={{ transform: `scaleX(${transferPercent(isComing) / 100})` }}
          />
        </div>
      )}
      <div className="-mx-3.5 mt-1 flex flex-wrap items-center">
        {canTryAgain(inUse) && (
          <Button tone="link" onClick={() => void tryAgain(chosen)}>
            {t('tryAgain')}
          </Button>
        )}
        {isComing?.state === 'downloading' && (
          <Button tone="link" onClick={() => void pauseModel(chosen)}>
            {t('pause')}
          </Button>
        )}
        {isComing?.state === 'paused' && (
          <Button tone="link" onClick={() => void downloadModel(chosen, isComing.backend)}>
            {t('resume')}
          </Button>
        )}
        {base &&
          (chosen === base.model.id ? (
            <Button tone="link" onClick={() => void switchToDraft(base.model.id)}>
              {t('useModel', { model: names.draft })}
            </Button>
          ) : (
            <Button tone="link" onClick={() => void switchToLarge(base.model.id)}>
              {size === undefined
                ? t('useModel', { model: names.base })
                : t('useModelOfSize', { model: names.base, size: formatBytes(size) })}
            </Button>
          ))}
        <Link href="/models" className={buttonClass('link')}>
          {t('otherModels')}
        </Link>
      </div>
    </section>
  );
}
