'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { z } from 'zod';
import { useSession } from '@/app/_features/account';
import { useCatalogue } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import { attempt, Button, keepFocus, Notice, QueryProblem, SelectField } from '@/app/_features/ui';
import { DRAFT_MODEL_ID, isSpeakerModel } from '@/lib/catalogue';
import { callServer } from '@/lib/client/http';
import type { ListedModel } from '@/lib/client/model-library';
import { installedSpeakerModels } from '@/lib/client/speakers';
import { AddModel, ModelDrop } from './add-model';
import { headingId } from './item-parts';
import { t } from './messages';
import { selectModel } from './model-commands';
import { type Device, isBuiltIn } from './model-facts';
import { EmbeddedItem, ModelItem } from './model-item';
import { useDevice, useListedModels, useModelChoice, useModelNews } from './use-models';

interface Props {
  /** Those of the list that the server has itself. */
  models: readonly ListedModel[];
  device: Device;
  /** Id of the model in use. */
  modelId: string;
}

/** What the value of a list cannot be. */
const BUILT_IN = '';

/**
 * The models that this server has itself, and which of them it wants to be used, with a heading for
 * those that follow; nothing where it has none.
 */
function ShelfSection({ models, device, modelId }: Props) {
  const headingId = useId();
  if (models.length === 0) return null;
  return (
    <>
      <section aria-labelledby={headingId} className="mb-10">
        <h2 id={headingId} className="text-xl">
          {t('onThisServer')}
        </h2>
        <p className="mt-1 max-w-prose text-muted text-sm">{t('serverModelsHint')}</p>
        <ServerModel models={models} />
        <ul aria-label={t('modelsOnServer')} className="mt-4 space-y-4">
          {models.map((one) => (
            <ModelItem
              key={one.model.id}
              listed={one}
              device={device}
              isInUse={modelId === one.model.id}
            />
          ))}
        </ul>
      </section>
      <h2 className="mb-4 text-xl">{t('otherModels')}</h2>
    </>
  );
}

/** The model for browsers that have chosen none: the owner sets it, others see it. */
function ServerModel({ models }: Pick<Props, 'models'>) {
  const isOwner = useSession()?.user.role === 'owner';
  const listed = models.find(({ shelf }) => shelf === 'default')?.model.id ?? BUILT_IN;
  // the list shows what the server said when the page was opened
  const [set, setSet] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const current = set ?? listed;
  const choose = async (id: string) => {
    setIsBusy(true);
    if (await setServerModel(id === BUILT_IN ? null : id)) setSet(id);
    setIsBusy(false);
  };
  if (isOwner)
    return (
      <SelectField
        label={t('forBrowsersWithoutModel')}
        value={current}
        disabled={isBusy}
        onChange={(event) => void choose(event.target.value)}
        className="mt-3 max-w-80"
      >
        <option value={BUILT_IN}>{t('builtInModel')}</option>
        {models.map(({ model: { id, name } }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    );
  const name = models.find(({ model }) => model.id === current)?.model.name;
  if (name === undefined) return null;
  return (
    <p className="mt-1 max-w-prose text-muted text-sm">{t('browsersWithoutModelUse', { name })}</p>
  );
}

/**
 * Sets what browsers use that have not chosen any model: for the owner of the server.
 * @param modelId of one that the server has itself; `null`: the built-in model
 * @returns whether it was set; a failure is shown
 */
const setServerModel = (modelId: string | null): Promise<boolean> =>
  attempt(async () => {
    await callServer('PUT', '/api/models/default', { body: { modelId }, schema: z.null() });
  });

/** The models that tell speakers apart: installed like those that recognise words, but not chosen among. */
function SpeakerSection({ models, device }: { models: readonly ListedModel[]; device: Device }) {
  const headingId = useId();
  if (models.length === 0) return null;
  const isReady = installedSpeakerModels(models).embedding !== null;
  return (
    <section aria-labelledby={headingId} className="mt-10">
      <h2 id={headingId} className="text-xl">
        {t('speakerLabels')}
      </h2>
      <p className="mt-1 max-w-prose text-muted text-sm">{t('speakerLabelsHint')}</p>
      {isReady && <p className="mt-1 text-sm">{t('speakerLabelsReady')}</p>}
      <ul aria-labelledby={headingId} className="mt-4 space-y-4">
        {models.map((one) => (
          <ModelItem key={one.model.id} listed={one} device={device} isInUse={false} />
        ))}
      </ul>
    </section>
  );
}

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
        <Notice tone="warn" isRow>
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
