'use client';

import { useId, useState } from 'react';
import { z } from 'zod';
import { useSession } from '@/app/_features/account';
import { attempt, SelectField } from '@/app/_features/ui';
import { callServer } from '@/lib/client/http';
import type { ListedModel } from '@/lib/client/model-library';
import { t } from './messages';
import { ModelItem } from './model-item';
import type { Device } from './model-variant';

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
export function ShelfSection({ models, device, modelId }: Props) {
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
