'use client';

import { useEffect, useRef, useState } from 'react';
import { useCatalogue } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { Button, keepFocus, Notice, QueryProblem } from '@/app/_features/ui';
import { DRAFT_MODEL_ID, isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel } from '@/lib/client/model-library';
import { AddModel } from './add-model';
import { headingId } from './item-parts';
import { t } from './messages';
import { selectModel } from './model-commands';
import { ModelDrop } from './model-drop';
import { isBuiltIn } from './model-facts';
import { EmbeddedItem, ModelItem } from './model-item';
import { ShelfSection } from './shelf-section';
import { SpeakerSection } from './speaker-section';
import { useModelNews } from './use-model-news';
import { useDevice, useListedModels, useModelChoice } from './use-models';

/** The speech models there are, and what of them is on this device. */
export function ModelsPage() {
  usePageTitle(t('models'));
  const catalogue = useCatalogue();
  const listed = useListedModels();
  const inUse = useModelChoice();
  const modelId = inUse?.chosen ?? DRAFT_MODEL_ID;
  const device = useDevice();
  const region = useRef<HTMLDivElement>(null);
  const [added, setAdded] = useState<string | null>(null);
  useModelNews(listed, modelId);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);

  // a model that was just added is shown, also to those who do not see
  useEffect(() => {
    const heading = added && document.getElementById(headingId(added));
    if (!heading || !listed?.some(({ model }) => model.id === added)) return;
    heading.focus();
    setAdded(null);
  }, [added, listed]);

  const [embedded] = catalogue.data?.models ?? [];
  const isGone =
    listed !== null &&
    modelId !== DRAFT_MODEL_ID &&
    !listed.some(({ model }) => model.id === modelId);

  const forSpeakers = (listed ?? []).filter(({ model }) => isSpeakerModel(model));
  const forWords = (listed ?? []).filter(({ model }) => !isSpeakerModel(model));
  const onServer = forWords.filter(({ shelf }) => shelf !== undefined);
  const builtIn = forWords.filter(isBuiltIn);
  const elsewhere = forWords.filter((one) => one.shelf === undefined && !isBuiltIn(one));
  const item = (one: ListedModel) => (
    <ModelItem key={one.model.id} listed={one} device={device} isInUse={modelId === one.model.id} />
  );

  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div>
        <h1 className="text-2xl sm:text-3xl">{t('models')}</h1>
        <p className="mt-3 max-w-prose text-muted">
          {t.rich('modelsHint', {
            link: (text) => (
              <a href="#another" className="text-accent underline underline-offset-4">
                {text}
              </a>
            ),
          })}
        </p>
      </div>
      {isGone && (
        <Notice tone="warn">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-56">{t('modelGone')}</p>
            <Button onClick={() => void selectModel(DRAFT_MODEL_ID)}>
              {t('useModel', { model: 'Draft' })}
            </Button>
          </div>
        </Notice>
      )}
      {catalogue.error && (
        <QueryProblem error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      )}
      <div ref={region}>
        <ShelfSection models={onServer} device={device} modelId={modelId} />
        <ul aria-label={t('models')} aria-busy={listed === null} className="space-y-4">
          {builtIn.map(item)}
          {embedded && <EmbeddedItem model={embedded} isInUse={modelId === embedded.id} />}
          {elsewhere.map(item)}
        </ul>
        <p role="status" className={listed === null ? 'mt-4 text-muted text-sm' : 'sr-only'}>
          {listed === null && t('lookingUpModels')}
        </p>
        <p className="mt-4 max-w-prose text-muted text-sm">{t('errorRateHint')}</p>
        <SpeakerSection models={forSpeakers} device={device} />
      </div>
      <div id="another">
        <AddModel onAdded={setAdded} />
      </div>
      <ModelDrop onAdded={setAdded} />
    </div>
  );
}
