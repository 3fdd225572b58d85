import { createStore, type StoreApi } from 'zustand/vanilla';
import { BASE_MODEL_ID } from '@/lib/catalogue';
import { getSetting, onChange, storageFacts } from '@/lib/client/store';
import { isAbort, memoizePromise, toAppError } from '@/lib/core';
import { crashedWithLargeModel } from './crash-note';
import { canKeepModels } from './downloads/model-storage';
import { type DeviceFacts, type LargeModel, type ModelInUse, modelInUse } from './model-in-use';
import type { ListedModel, ModelLibrary } from './model-library';
import { firstList } from './usable-model';

/** Which model is used, as it is now and as it changes. Made once for each page, in the browser only. */
export interface ModelChoice {
  /** `null` until it is known. */
  state: StoreApi<{ inUse: ModelInUse | null }>;
  /** As it is now: settings, library and device are asked again. */
  read(): Promise<ModelInUse>;
  /**
   * The large model did not open, or failed while it ran: Draft stands in for it until the page is loaded
   * anew. One whose files were damaged is fetched again.
   */
  reportFailure(error: unknown): Promise<void>;
  /** The user wants the large model to be tried again. */
  clearFailure(): Promise<void>;
  /** From here on the large model is fetched whenever it is wanted and not here. */
  keepFetched(): void;
}

/** Failures that a fresh copy of the files mends. */
const CURED_BY_FETCHING = new Set(['MODEL_HASH_MISMATCH', 'NOT_FOUND']);

export function createModelChoice(library: ModelLibrary): ModelChoice {
  const state = createStore<{ inUse: ModelInUse | null }>(() => ({ inUse: null }));
  let failure: LargeModel['failure'] = crashedWithLargeModel() ? 'OUT_OF_MEMORY' : null;
  let fetches = false;
  /** One fetch that fails is begun anew by the user, or by the next visit. */
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
      fetchIfWanted(inUse).catch((error: unknown) =>
        console.warn('The large model is not fetched', error),
      );
    return inUse;
  };

  const fetchIfWanted = async ({ wanted, standIn }: ModelInUse) => {
    if (standIn?.kind !== 'coming' || hasBegun) return;
    const { transfer } = standIn;
    // what the user has paused stays so; the library itself goes on with what is under way
    if (transfer !== null && transfer.state !== 'failed') return;
    hasBegun = true;
    try {
      await library.download(wanted, 'wasm');
    } catch (error) {
      if (!isAbort(error)) await note(error);
    }
  };

  const note = async (error: unknown) => {
    const { code, message } = toAppError(error);
    // it says nothing of the model: Draft would not come without a network either
    if (code === 'OFFLINE') return;
    console.warn(`The large model cannot be used: ${code}`, message);
    if (CURED_BY_FETCHING.has(code)) {
      const { large } = state.getState().inUse ?? (await read());
      if (large !== null) await library.remove(large);
      hasBegun = false;
    } else failure = code;
    await read();
  };

  /** While one reading runs, one more waits, however often a download tells how far it is. */
  let reading = false;
  let again = false;
  const refresh = () => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    read()
      .catch((error: unknown) => console.warn('The model in use cannot be told', error))
      .finally(() => {
        reading = false;
        if (again) {
          again = false;
          refresh();
        }
      });
  };
  library.subscribe(refresh);
  onChange(({ kind, id }) => {
    if (kind !== 'settings' || id !== 'modelId') return;
    // a choice made by hand is worth another try
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
 * What Draft stands in for: the model that the server's owner wants to be used, unless the user has chosen
 * another one; else the large built-in one.
 */
function largeModel(
  list: readonly ListedModel[],
  chosen: string | null,
): Omit<LargeModel, 'failure'> | null {
  const ofServer = list.find(
    ({ model, shelf }) =>
      shelf === 'default' && model.backends.wasm && (chosen ?? model.id) === model.id,
  );
  const listed = ofServer ?? list.find(({ model }) => model.id === BASE_MODEL_ID);
  if (!listed) return null;
  const { model, state } = listed;
  return { id: model.id, state, bytes: model.backends.wasm?.approximateBytes ?? 0 };
}

/** As much of the browser as is not in TypeScript's DOM. */
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
    canKeep: canKeepModels(),
    freeBytes: usedBytes === null || quotaBytes === null ? null : quotaBytes - usedBytes,
  };
}
