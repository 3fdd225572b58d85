import { type Catalogue, type CatalogueModel, isSpeakerModel } from '@/lib/catalogue';
import { AppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { ExpectedText } from '@/lib/engine/runtime';
import type { ListedModel, ModelLibrary } from './model-library';

/** Larger models transcribe the clip exactly; the smallest may get a name wrong. */
const PUBLISHED_MAX_WORD_ERROR_RATE = 0.35;

/** A model whose files are on this device, or served with the app. */
export interface UsableModel {
  model: CatalogueModel;
  /** Backends whose files are on this device. */
  backends: readonly Backend[];
  /** The text expected for the self-test clip; `null` if it is not known for this model. */
  expected: ExpectedText | null;
}

/** @throws MODEL_NOT_INSTALLED */
export async function findUsableModel(
  modelId: string,
  { models }: Catalogue,
  library: ModelLibrary,
): Promise<UsableModel> {
  const [embedded] = models;
  const { id, knownClip } = embedded;
  if (modelId === id) return { model: embedded, backends: ['wasm', 'webgpu'], expected: knownClip };
  const listed = (await firstList(library)).find(({ model }) => model.id === modelId);
  if (listed?.state.state !== 'installed')
    throw new AppError('MODEL_NOT_INSTALLED', `Model "${modelId}" is not on this device.`);
  const { model, state } = listed;
  if (isSpeakerModel(model))
    throw new AppError('MODEL_NOT_INSTALLED', `Model "${modelId}" recognises no words.`);
  // nothing is known about models that were added, here or on the server
  const isKnown = models.some((one) => one.id === modelId) && model.languages.includes('en');
  const expected = { text: knownClip.text, maxWordErrorRate: PUBLISHED_MAX_WORD_ERROR_RATE };
  return { model, backends: state.backends, expected: isKnown ? expected : null };
}

/** The list, as soon as it has been read. */
export function firstList(library: ModelLibrary): Promise<readonly ListedModel[]> {
  return new Promise((resolve) => {
    const unsubscribe = library.subscribe(() => take());
    const take = () => {
      const list = library.get();
      if (!list) return;
      unsubscribe();
      resolve(list);
    };
    take();
  });
}
