'use client';

import { Check, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import { useSetting } from '@/app/_features/app';
import { Button, formatBytes } from '@/app/_features/ui';
import { DRAFT_MODEL_ID, type DraftModel, isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel } from '@/lib/client/model-library';
import type { SelfTestResult } from '@/lib/engine';
import {
  BACKEND_NAMES,
  choiceText,
  missingGpuText,
  runTexts,
  selfTestText,
  unknownTextNote,
} from './backend-facts';
import {
  DownloadFailure,
  DownloadProgress,
  FactLine,
  headingId,
  ItemFrame,
  MoreAbout,
  SourceLink,
} from './item-parts';
import { t } from './messages';
import { ModelButtons } from './model-buttons';
import { checkModel, downloadModel, selectModel } from './model-commands';
import {
  canUse,
  checkProblemText,
  type Device,
  descriptionOf,
  fittingChoices,
  isBuiltIn,
  languagesText,
  obstacle,
  scoreSources,
  scoreText,
  sizeText,
  transferOf,
  transferText,
} from './model-facts';
import { useDevice, useModelsPage, useTestedModel } from './use-models';

/** How the model in use did on the self-test clip, on each backend. */
function ModelCheck({ id }: { id: string }) {
  const { checking, unusable } = useModelsPage();
  const chosen = useSetting('backend');
  const choice = useSetting('backendChoices')[id];
  const problem = unusable[id];
  // the app itself tests a model, too, when it is the default one and has just come
  const tested = useTestedModel();
  const isChecking = checking === id || tested === id;
  return (
    <>
      <div role="status" className="text-sm">
        {isChecking && <p className="mt-3 text-muted">{t('beingChecked')}</p>}
        {!isChecking && !problem && choice && (
          <div className="mt-3 rounded-lg bg-sunken px-4 py-3">
            <p className="font-medium">{choiceText(choice, chosen)}</p>
            <SelfTestList results={choice.trials} />
          </div>
        )}
      </div>
      {problem && !isChecking && (
        <div
          role="alert"
          className="mt-3 flex flex-wrap items-center justify-between gap-2 rounded-lg bg-danger-soft px-4 py-3 text-sm"
        >
          <p className="min-w-0 flex-1 basis-56">
            <span className="text-danger">{checkProblemText(problem)}</span>{' '}
            {t(id === DRAFT_MODEL_ID ? 'tryAgainOrAnother' : 'tryAgainOrOtherProcessor')}
          </p>
          <Button
            icon={<RotateCcw aria-hidden size={16} />}
            aria-describedby={headingId(id)}
            onClick={() => void checkModel(id)}
          >
            {t('retry')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What the self-test found, a line for each backend. */
export function SelfTestList({ results }: { results: readonly SelfTestResult[] }) {
  const note = unknownTextNote(results);
  const { gpu } = useDevice();
  return (
    <ul className="mt-2 space-y-1 text-muted tabular-nums">
      {results.map((result) => (
        <li key={result.backend} className="[overflow-wrap:anywhere]">
          {[selfTestText(result), missingGpuText(result, gpu) ?? '', ...runTexts(result)]
            .filter(Boolean)
            .join(' ')}
        </li>
      ))}
      {note !== null && <li>{note}</li>}
    </ul>
  );
}

interface Props {
  listed: ListedModel;
  device: Device;
  isInUse: boolean;
}

/** One model that can be downloaded, or that the user added. */
export const ModelItem = memo(function ModelItem({ listed, device, isInUse }: Props) {
  const { model, state, added } = listed;
  const { id, name, licence, credits, repository, scores } = model;
  // voices are told apart in any language
  const languages = isSpeakerModel(model) ? [] : model.languages;
  const refused = useModelsPage().refused[id];
  const [best] = fittingChoices(model, device);
  const missing = obstacle(model, device);
  const isHere = state.state === 'installed';
  const transfer = transferOf(state);
  const cannotUse = isHere && !canUse(model, state, device);
  return (
    <ItemFrame
      id={id}
      name={name}
      isInUse={isInUse}
      facts={
        <>
          <FactLine
            facts={[
              isHere
                ? t('bytesOnDevice', { bytes: formatBytes(state.bytes) })
                : sizeHere(listed, device),
              languages.length > 0 ? languagesText(languages) : null,
              licenceText(licence),
              added ? t('addedByYou') : null,
            ]}
          />
          {isBuiltIn(listed) ? (
            <p className="text-muted text-sm">{t('builtInHint')}</p>
          ) : (
            <SourceLink repository={repository} isOnServer={listed.shelf !== undefined} />
          )}
        </>
      }
      buttons={<ModelButtons listed={listed} device={device} isInUse={isInUse} />}
    >
      {missing !== null && (
        <p className="mt-2 text-sm text-warn">{t('notForDevice', { missing })}</p>
      )}
      {cannotUse && missing === null && (
        <p className="mt-2 text-sm text-warn">{t('otherProcessorOnly')}</p>
      )}
      {isInUse && !isHere && (
        <p className="mt-2 text-sm text-warn">
          {isBuiltIn(listed) ? t('inUseSoon') : t('inUseNotHere')}
        </p>
      )}
      {transfer?.state === 'downloading' && <DownloadProgress name={name} transfer={transfer} />}
      {transfer?.state === 'paused' && (
        <p className="mt-3 text-muted text-sm tabular-nums">
          {t('pausedAt', { transfer: transferText(transfer) })}
        </p>
      )}
      {transfer?.state === 'failed' && (
        <DownloadFailure
          id={id}
          name={name}
          backend={transfer.backend}
          problem={{ code: transfer.error.code, details: {} }}
          progress={transfer}
        />
      )}
      {refused && transfer?.state !== 'failed' && best && (
        <DownloadFailure
          id={id}
          name={name}
          backend={best.backend}
          problem={refused}
          progress={null}
        />
      )}
      <p className="mt-2 text-sm">{descriptionOf(model)}</p>
      {scores.length > 0 && (
        <p className="mt-2 text-sm tabular-nums">
          <span className="text-muted">{t('errorRate')} </span>
          {scores.map(scoreText).join(', ')}{' '}
          <span className="text-muted">({scoreSources(scores)})</span>
        </p>
      )}
      <MoreAbout languages={languages} credits={credits} facts={weights(listed)} />
      <OtherVariant listed={listed} device={device} />
      {isInUse && isHere && <ModelCheck id={id} />}
    </ItemFrame>
  );
});

/** What would be downloaded here; where nothing fits, of what there is. */
function sizeHere({ model }: ListedModel, device: Device): string {
  const [best] = fittingChoices(model, device);
  const variant = best?.variant ?? model.backends.wasm ?? model.backends.webgpu;
  return variant ? sizeText(variant) : '';
}

/** Of added models: `not known`, or as its makers write it, which is not a name by itself. */
function licenceText(licence: string): string {
  return /^[a-z]/.test(licence) ? t('licence', { licence }) : licence;
}

/** The numeric form and size of the files for each backend. */
function weights({ model }: ListedModel): string[] {
  return (['wasm', 'webgpu'] as const).flatMap((backend) => {
    const variant = model.backends[backend];
    return variant ? [`${BACKEND_NAMES[backend]}: ${variant.precision}, ${sizeText(variant)}`] : [];
  });
}

/** Quietly offers the files for the other processor, where the device could use both. */
function OtherVariant({ listed, device }: { listed: ListedModel; device: Device }) {
  const { model, state } = listed;
  const isHere = state.state === 'installed';
  if (transferOf(state)) return null;
  const choices = fittingChoices(model, device);
  // the first is what Download takes
  const others = isHere
    ? choices.filter(({ backend }) => !state.backends.includes(backend))
    : choices.slice(1);
  const [other] = others;
  // nothing of it runs here: Download offers what does
  if (!other || (isHere && others.length === choices.length)) return null;
  const words = t(`${isHere ? 'also' : 'instead'}.${other.backend}`);
  return (
    <div className="-mx-3.5 mt-1">
      <Button
        tone="link"
        aria-describedby={headingId(model.id)}
        onClick={() => void downloadModel(model.id, other.backend)}
      >
        {words} ({sizeText(other.variant)})
      </Button>
    </div>
  );
}

/** Draft, the small built-in model: always there, so there is nothing to download or delete. */
export function EmbeddedItem({ model, isInUse }: { model: DraftModel; isInUse: boolean }) {
  const { id, name, languages, licence, credits, backends } = model;
  const bytes = Object.values(backends.wasm.files).reduce((sum, file) => sum + file.bytes, 0);
  const use = async () => {
    // the button goes away with the focus on it
    if (await selectModel(id)) document.getElementById(headingId(id))?.focus();
  };
  return (
    <ItemFrame
      id={id}
      name={name}
      isInUse={isInUse}
      facts={
        <>
          <FactLine facts={[formatBytes(bytes), languagesText(languages), licence]} />
          <p className="text-muted text-sm">{t('builtIn')}</p>
        </>
      }
      buttons={
        !isInUse && (
          <Button
            icon={<Check aria-hidden size={16} />}
            aria-describedby={headingId(id)}
            onClick={() => void use()}
          >
            {t('use')}
          </Button>
        )
      }
    >
      <p className="mt-2 text-sm">{descriptionOf(model)}</p>
      <MoreAbout languages={languages} credits={credits} />
      {isInUse && <ModelCheck id={id} />}
    </ItemFrame>
  );
}
