import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { testModel } from '@/app/_features/models/test-models';
import { closeDatabase } from '@/lib/client/store/db';
import { setSetting } from '@/lib/client/store/settings';
import { AppError } from '@/lib/core/errors';
import { createModelChoice } from './model-choice';
import type { ListedModel, ModelLibrary, ModelList, ModelState } from './model-library';

const DRAFT = 'ai2text-en';
const BASE = 'ai2text-base';
const progress = { backend: 'wasm', doneBytes: 10, totalBytes: 20 } as const;
const INSTALLED: ModelState = { state: 'installed', backends: ['wasm'], bytes: 20 };

/** A library with the large model, in whatever state a test wants. */
class TestLibrary implements ModelLibrary {
  readonly state = createStore<ModelList>(() => ({ models: [] }));
  readonly download = vi.fn(async () => undefined);
  readonly remove = vi.fn(async () => this.is({ state: 'absent' }));
  readonly pause = async () => undefined;
  readonly addRepository = () => Promise.reject(new Error('Not asked for here.'));
  readonly addFolder = this.addRepository;

  constructor(state: ModelState) {
    this.is(state);
  }

  is(state: ModelState, others: ListedModel[] = []): void {
    const model = testModel({ id: BASE, repository: '' });
    this.state.setState({ models: [...others, { model, state, added: false }] });
  }
}

/** A device that can run the large model. */
function device(change: Record<string, unknown> = {}): void {
  const storage = {
    getDirectory: async () => null,
    estimate: async () => ({ usage: 0, quota: 10e9 }),
  };
  vi.stubGlobal('navigator', { hardwareConcurrency: 4, deviceMemory: 8, storage, ...change });
}

beforeEach(() => {
  device();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined); // failures are logged, and expected here
  onTestFinished(async () => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    await closeDatabase();
    await deleteDB('ai2text');
  });
});

const fetches = (library: TestLibrary, times: number) =>
  vi.waitFor(() => expect(library.download).toHaveBeenCalledTimes(times));

describe('the choice of the model', () => {
  it('fetches the large one where it is chosen and not here, once and not before it is asked to', async () => {
    const library = new TestLibrary({ state: 'absent' });
    const choice = createModelChoice(library);
    expect(await choice.read()).toMatchObject({ chosen: BASE, now: DRAFT });
    expect(library.download).not.toHaveBeenCalled();
    choice.keepFetched();
    await fetches(library, 1);
    expect(library.download).toHaveBeenCalledWith(BASE, 'wasm');
    library.is({ state: 'downloading', secondsLeft: null, ...progress });
    library.is(INSTALLED);
    await vi.waitFor(() => expect(choice.state.getState().inUse).toMatchObject({ now: BASE }));
    expect(library.download).toHaveBeenCalledTimes(1);
  });

  it('tries what failed the last time again, and leaves alone what was paused', async () => {
    const error = { code: 'MODEL_DOWNLOAD_FAILED', message: '' } as const;
    const failed = new TestLibrary({ state: 'failed', error, ...progress });
    createModelChoice(failed).keepFetched();
    await fetches(failed, 1);
    const paused = new TestLibrary({ state: 'paused', ...progress });
    const choice = createModelChoice(paused);
    choice.keepFetched();
    await choice.read();
    expect(paused.download).not.toHaveBeenCalled();
  });

  it.each([
    ['little memory', { deviceMemory: 2 }],
    ['one core', { hardwareConcurrency: 1 }],
    ['data to save', { connection: { saveData: true } }],
    ['no storage', { storage: { estimate: async () => ({}) } }],
  ])('fetches nothing on a device with %s', async (_, change) => {
    device(change);
    const library = new TestLibrary({ state: 'absent' });
    const choice = createModelChoice(library);
    choice.keepFetched();
    expect(await choice.read()).toMatchObject({ chosen: DRAFT, now: DRAFT });
    expect(library.download).not.toHaveBeenCalled();
    // its user may want it all the same
    await setSetting('modelId', BASE);
    await fetches(library, 1);
  });

  it('is Draft when the large one did not open, until the user wants it tried again', async () => {
    const library = new TestLibrary(INSTALLED);
    const choice = createModelChoice(library);
    expect(await choice.read()).toMatchObject({ now: BASE });
    await choice.reportFailure(new AppError('OUT_OF_MEMORY', 'full'));
    expect(choice.state.getState().inUse).toMatchObject({
      now: DRAFT,
      standIn: { kind: 'trouble', code: 'OUT_OF_MEMORY' },
    });
    expect(library.remove).not.toHaveBeenCalled();
    await choice.clearFailure();
    await choice.reportFailure(new AppError('OFFLINE', 'no network'));
    expect(choice.state.getState().inUse).toMatchObject({ now: BASE, standIn: null });
  });

  it('is Draft when this tab was lost with the large one open', async () => {
    const library = new TestLibrary(INSTALLED);
    vi.stubGlobal('sessionStorage', { getItem: () => '1', removeItem: () => undefined });
    expect(await createModelChoice(library).read()).toMatchObject({
      now: DRAFT,
      standIn: { kind: 'trouble', code: 'OUT_OF_MEMORY' },
    });
  });

  it('throws files away that were damaged on the disk, and fetches them again', async () => {
    const library = new TestLibrary(INSTALLED);
    const choice = createModelChoice(library);
    choice.keepFetched();
    await choice.reportFailure(new AppError('MODEL_HASH_MISMATCH', 'other bytes'));
    expect(library.remove).toHaveBeenCalledWith(BASE);
    expect(await choice.read()).toMatchObject({ now: DRAFT, standIn: { kind: 'coming' } });
    await fetches(library, 1);
  });

  it('is the one that the server wants to be used, until the user chooses another', async () => {
    const ofServer: ListedModel = {
      model: testModel({ id: 'ours', repository: '' }),
      state: { state: 'absent' },
      added: false,
      shelf: 'default',
    };
    const library = new TestLibrary(INSTALLED);
    library.is(INSTALLED, [ofServer]);
    const choice = createModelChoice(library);
    choice.keepFetched();
    expect(await choice.read()).toMatchObject({ chosen: 'ours', large: 'ours', now: DRAFT });
    await fetches(library, 1);
    expect(library.download).toHaveBeenCalledWith('ours', 'wasm');
    library.is(INSTALLED, [{ ...ofServer, state: INSTALLED }]);
    expect(await choice.read()).toMatchObject({ now: 'ours', standIn: null });
    await setSetting('modelId', BASE);
    expect(await choice.read()).toMatchObject({ chosen: BASE, large: BASE, now: BASE });
  });

  it('says so when there is not enough space to download it', async () => {
    const library = new TestLibrary({ state: 'absent' });
    library.download.mockRejectedValue(new AppError('STORE_QUOTA', 'full'));
    const choice = createModelChoice(library);
    choice.keepFetched();
    await vi.waitFor(() =>
      expect(choice.state.getState().inUse?.standIn).toEqual({
        kind: 'trouble',
        code: 'STORE_QUOTA',
      }),
    );
    expect(library.download).toHaveBeenCalledTimes(1);
  });
});
