import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  BASE_MODEL_ID,
  type Catalogue,
  type CatalogueModel,
  isSpeakerModel,
} from '@/lib/catalogue';
import { getSetting, onChange, storageFacts } from '@/lib/client/store';
import { AppError, isAbort, isPrivateSession, memoizePromise, toAppError } from '@/lib/core';
import type { Backend } from '@/lib/engine';
import type { ExpectedText } from '@/lib/engine/runtime';
import { canKeepModels } from './downloads/model-storage';
import { type DeviceFacts, type LargeModel, type ModelInUse, modelInUse } from './model-in-use';
import type { ListedModel, ModelLibrary } from './model-library';

/**
 * A key in this tab's session storage. It is set while the large model is loaded and the page is visible; a
 * page that ends normally removes it first.
 */
const KEY = 'ai2text:large-model-open';

let isOpen = false;

/** The large model is being loaded: from now on an abrupt end of the page counts as a crash. */
export function markLargeModelOpen(): void {
  if (!isOpen) {
    addEventListener('pagehide', remove);
    // the system may discard a background page for other reasons
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') remove();
      else if (isOpen) write();
    });
  }
  isOpen = true;
  if (document.visibilityState === 'visible') write();
}

/** The large model is no longer loaded, or could not be loaded. */
export function markLargeModelClosed(): void {
  isOpen = false;
  remove();
}

/**
 * Whether this tab crashed while the large model was loaded: browsers kill pages that use too much memory, and
 * loading it again at once would kill this one too. Clears the key, so it is true only once.
 */
export function crashedWithLargeModel(): boolean {
  try {
    const wasThere = sessionStorage.getItem(KEY) !== null;
    remove();
    return wasThere;
  } catch {
    return false; // without session storage the key was never set
  }
}

function write(): void {
  try {
    sessionStorage.setItem(KEY, '1');
  } catch (error) {
    console.warn('A crash of this page would not be noticed', error);
  }
}

function remove(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch (error) {
    console.warn('The note of the large model stays', error);
  }
}

/** Which model is used, now and as it changes. Created once per page, in the browser only. */
export interface ModelChoice {
  /** `inUse` is `null` until it is known. */
  state: StoreApi<{ inUse: ModelInUse | null }>;
  /** The current choice: reads settings, library and device again. */
  read(): Promise<ModelInUse>;
  /**
   * The large model could not be loaded, or failed while running: Draft stands in for it until the page is
   * reloaded. If its files were damaged, they are downloaded again.
   */
  reportFailure(error: unknown): Promise<void>;
  /** Lets the large model be tried again. */
  clearFailure(): Promise<void>;
  /** From now on the large model is downloaded whenever it is chosen and not installed. */
  keepFetched(): void;
}

/** Failures that downloading the files again cures. */
const CURED_BY_FETCHING = new Set(['MODEL_HASH_MISMATCH', 'NOT_FOUND']);

export function createModelChoice(library: ModelLibrary): ModelChoice {
  const state = createStore<{ inUse: ModelInUse | null }>(() => ({ inUse: null }));
  let failure: LargeModel['failure'] = crashedWithLargeModel() ? 'OUT_OF_MEMORY' : null;
  let fetches = false;
  /** A failed download is started again by the user, or at the next visit. */
  let hasBegun = false;

  const facts = memoizePromise(deviceFacts);

  const read = async (): Promise<ModelInUse> => {
    const [chosen, device, list] = await Promise.all([
      getSetting('modelId'),
      facts(),
      firstList(library),
    ]);
    const large = largeModel(list, chosen);
    const inUse = modelInUse(chosen, device, large && { ...large, failure });
    if (JSON.stringify(inUse) !== JSON.stringify(state.getState().inUse)) state.setState({ inUse });
    if (fetches)
      fetchIfChosen(inUse).catch((error: unknown) =>
        console.warn('The large model is not fetched', error),
      );
    return inUse;
  };

  const fetchIfChosen = async ({ chosen, standIn }: ModelInUse) => {
    if (standIn?.kind !== 'coming' || hasBegun) return;
    const { transfer } = standIn;
    // paused downloads stay paused; the library itself resumes those in progress
    if (transfer !== null && transfer.state !== 'failed') return;
    hasBegun = true;
    try {
      await library.download(chosen, 'wasm');
    } catch (error) {
      if (!isAbort(error)) await note(error);
    }
  };

  const note = async (error: unknown) => {
    const { code, message } = toAppError(error);
    // says nothing about the model: without a network Draft could not be loaded either
    if (code === 'OFFLINE') return;
    console.warn(`The large model cannot be used: ${code}`, message);
    if (CURED_BY_FETCHING.has(code)) {
      const { large } = state.getState().inUse ?? (await read());
      if (large !== null) await library.remove(large);
      hasBegun = false;
    } else failure = code;
    await read();
  };

  /** While one read runs, at most one more is queued, however often a download reports progress. */
  let reading = false;
  let again = false;
  const refresh = () => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    read()
      .catch((error: unknown) => console.warn('The model in use cannot be determined', error))
      .finally(() => {
        reading = false;
        if (again) {
          again = false;
          refresh();
        }
      });
  };
  library.state.subscribe(refresh);
  onChange(({ kind, id }) => {
    if (kind !== 'settings' || id !== 'modelId') return;
    // the user's choice deserves another attempt
    hasBegun = false;
    facts.forget();
    refresh();
  });
  refresh();

  return {
    state,
    read,
    reportFailure: note,
    async clearFailure() {
      failure = null;
      hasBegun = false;
      await read();
    },
    keepFetched() {
      fetches = true;
      refresh();
    },
  };
}

/**
 * The model that Draft stands in for: the server's default, unless the user has chosen another model; else the
 * large built-in one.
 */
function largeModel(
  list: readonly ListedModel[],
  chosen: string | null,
): Omit<LargeModel, 'failure'> | null {
  const ofServer = list.find(
    ({ model, shelf }) =>
      shelf === 'default' &&
      !isSpeakerModel(model) &&
      model.backends.wasm &&
      (chosen ?? model.id) === model.id,
  );
  const listed = ofServer ?? list.find(({ model }) => model.id === BASE_MODEL_ID);
  if (!listed) return null;
  const { model, state } = listed;
  return { id: model.id, state, bytes: model.backends.wasm?.approximateBytes ?? 0 };
}

/** Browser properties that TypeScript's DOM library lacks. */
interface Hints {
  deviceMemory?: number;
  connection?: { saveData?: boolean };
}

async function deviceFacts(): Promise<DeviceFacts> {
  const { deviceMemory, connection } = navigator as Navigator & Hints;
  const { usedBytes, quotaBytes } = await storageFacts();
  return {
    memoryGb: deviceMemory ?? null,
    cores: navigator.hardwareConcurrency || 1,
    savesData: connection?.saveData === true,
    canKeep: canKeepModels() && !isPrivateSession(),
    freeBytes: usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes,
  };
}

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

/** The list of models, once it is known. */
export function firstList(library: ModelLibrary): Promise<readonly ListedModel[]> {
  return new Promise((resolve) => {
    const { models } = library.state.getState();
    if (models) return resolve(models);
    const unsubscribe = library.state.subscribe(({ models: read }) => {
      if (!read) return;
      unsubscribe();
      resolve(read);
    });
  });
}
