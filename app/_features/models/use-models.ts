'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { getApp, useCatalogue, useSetting } from '@/app/_features/app';
import { showToast } from '@/app/_features/ui';
import { type CatalogueModel, isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel, ModelInUse, ModelState } from '@/lib/client/model-library';
import type { Backend } from '@/lib/engine';
import { probeGpu } from '@/lib/engine/runtime';
import { t } from './messages';
import { modelsPageStore, selectModel } from './model-commands';
import type { Device } from './model-facts';

const subscribe = (listener: () => void) => getApp().models.state.subscribe(listener);
const read = () => getApp().models.state.getState().models;
const readOnServer = () => null;

/** The models for download with where each stands; `null` until that is read. */
export function useListedModels(): readonly ListedModel[] | null {
  return useSyncExternalStore(subscribe, read, readOnServer);
}

/** What decides which files of a model can be used here. */
export function useDevice(): Device {
  const wished = useSetting('backend');
  // as when a model is loaded: a software adapter counts for those who insist on WebGPU
  const software = wished === 'webgpu';
  const { data } = useQuery({
    queryKey: ['gpu', software],
    queryFn: () => probeGpu(software),
  });
  return { gpu: data ?? null, wished };
}

const subscribeToChoice = (listener: () => void) => getApp().modelChoice.state.subscribe(listener);
const readChoice = () => getApp().modelChoice.state.getState().inUse;

/** Which model is used, and why; `null` until that is known. */
export function useModelChoice(): ModelInUse | null {
  return useSyncExternalStore(subscribeToChoice, readChoice, readOnServer);
}

const subscribeToTesting = (listener: () => void) => getApp().testing.subscribe(listener);
const readTesting = () => getApp().testing.getState().modelId;

/** The model that runs the self-test clip in this tab just now, whatever began it; else `null`. */
export function useTestedModel(): string | null {
  return useSyncExternalStore(subscribeToTesting, readTesting, readOnServer);
}

/** The model that is chosen for new recordings; `null` until it is read, or when it is gone. */
export function useModelInUse(): CatalogueModel | null {
  const inUse = useModelChoice();
  const { data } = useCatalogue();
  const listed = useListedModels();
  if (data?.models[0].id === inUse?.chosen) return data?.models[0] ?? null;
  return listed?.find(({ model }) => model.id === inUse?.chosen)?.model ?? null;
}

/** The names of models by id; one that is not here any more is called by its id. */
export function useModelName(): (id: string) => string {
  const { data } = useCatalogue();
  const listed = useListedModels();
  return (id) => {
    const model = [...(data?.models ?? []), ...(listed ?? []).map((one) => one.model)].find(
      (one) => one.id === id,
    );
    return model?.name ?? id;
  };
}

/** What went wrong with models in this tab, and which is being checked. */
export const useModelsPage = () => useStore(modelsPageStore);

/** Announces a model that has been downloaded, for those who look or listen elsewhere. */
export function useModelNews(listed: readonly ListedModel[] | null, modelId: string): void {
  const before = useRef(listed);
  useEffect(() => {
    for (const { model } of newlyInstalled(before.current, listed))
      showToast({
        text: t('downloaded', { name: model.name }),
        action:
          model.id === modelId || isSpeakerModel(model)
            ? null
            : { label: t('useIt'), run: () => void selectModel(model.id) },
      });
    before.current = listed;
  }, [listed, modelId]);
}

type List = readonly ListedModel[] | null;

const installed = (state: ModelState | undefined): readonly Backend[] =>
  state?.state === 'installed' ? state.backends : [];

/** The models that have become usable from one snapshot of the library to the next. */
export function newlyInstalled(before: List, after: List): ListedModel[] {
  if (!before || !after) return [];
  const states = new Map(before.map(({ model, state }) => [model.id, state]));
  return after.filter(
    ({ model, state }) =>
      states.has(model.id) && installed(state).length > installed(states.get(model.id)).length,
  );
}
