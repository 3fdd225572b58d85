import type { ListedModel } from '@/lib/client/model-library';

/** The installed models that tell speakers apart, of each kind the first in the list. */
export interface InstalledSpeakerModels {
  /** Without it, changes of speaker are less exact, and overlaps are not found. */
  segmentation: ListedModel | null;
  /** Without it, speakers cannot be told apart. */
  embedding: ListedModel | null;
}

/** @param list of the model library; `null` while it is not known */
export function installedSpeakerModels(
  list: readonly ListedModel[] | null,
): InstalledSpeakerModels {
  const first = (family: ListedModel['model']['family']) =>
    (list ?? []).find(
      ({ model, state }) =>
        model.family === family && state.state === 'installed' && state.backends.includes('wasm'),
    ) ?? null;
  return { segmentation: first('speaker-segmentation'), embedding: first('speaker-embedding') };
}
