import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { testModel } from '@/app/_features/models/test-models';
import { type CatalogueModel, DRAFT_MODEL_ID } from '@/lib/catalogue/catalogue';
import type { ListedModel, ModelLibrary } from '@/lib/client/model-library/model-library';
import { closeDatabase } from '@/lib/client/store/db';
import { getSetting, setSetting } from '@/lib/client/store/settings';
import { AppError } from '@/lib/core/errors';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createAsrWebGpuClient } from '@/workers/asr-webgpu/client';
import { createSegmenter } from '@/workers/segment/client';
import { openLiveEngine } from './live';
import { Machine, stubCrashNote } from './test-workers';

const WORKERS = {
  wasm: createAsrWasmClient,
  webgpu: createAsrWebGpuClient,
  segmenter: createSegmenter,
};

const EMBEDDED = 'Draft';
const { signal } = new AbortController();
let machine: Machine;

beforeEach(() => {
  stubCrashNote();
  machine = new Machine('heavy rain');
  vi.stubGlobal('location', { origin: 'http://localhost:3000' });
  vi.stubGlobal('navigator', { userAgent: 'Browser', hardwareConcurrency: 2 });
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname } = new URL(url);
    return new Response(new Uint8Array(await readFile(`public${pathname}`)));
  });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(async () => {
    warn.mockRestore();
    await closeDatabase();
    await deleteDB('ai2text');
  });
});

/** A library with one model that is whole for some backends. */
function libraryOf(
  family: Exclude<CatalogueModel['family'], 'ctc'>,
  backends: readonly ('wasm' | 'webgpu')[] = ['wasm'],
): ModelLibrary {
  const state = { state: 'installed', backends, bytes: 1 } as const;
  const list: ListedModel[] = [
    { model: testModel({ id: family, family, name: `My ${family}` }), state, added: true },
  ];
  const none = () => Promise.reject(new Error('Not asked for here.'));
  return {
    state: createStore(() => ({ models: list })),
    download: none,
    pause: none,
    remove: none,
    addRepository: none,
    addFolder: none,
  };
}

/** The model that the setting names, without a device that would have a say. */
const use = {
  read: async () => {
    const chosen = (await getSetting('modelId')) ?? DRAFT_MODEL_ID;
    return {
      chosen,
      now: chosen,
      large: 'ai2text-base',
      standIn: null,
      tooSmall: null,
      isChosenByUser: true,
    };
  },
};

async function writerOf(library: ModelLibrary): Promise<string> {
  const engine = await openLiveEngine(library, use, WORKERS, signal);
  onTestFinished(() => engine.dispose());
  return engine.modelName;
}

describe('live text', () => {
  it.each(['moonshine', 'tdt', 'nemo-ctc'] as const)(
    'is written by the %s model in use',
    async (family) => {
      await setSetting('modelId', family);
      expect(await writerOf(libraryOf(family))).toBe(`My ${family}`);
      expect(machine.calls).toEqual([`wasm load ${family}`]);
    },
  );

  it('comes from the built-in model instead of Whisper, which needs a window of thirty seconds', async () => {
    await setSetting('modelId', 'whisper');
    expect(await writerOf(libraryOf('whisper'))).toBe(EMBEDDED);
  });

  it('comes from the built-in model if the one in use is not available for wasm, or at all', async () => {
    await setSetting('modelId', 'moonshine');
    expect(await writerOf(libraryOf('moonshine', ['webgpu']))).toBe(EMBEDDED);
    await setSetting('modelId', 'removed');
    expect(await writerOf(libraryOf('moonshine'))).toBe(EMBEDDED);
  });

  it('comes from Draft, followed by the large built-in model in its own worker', async () => {
    await setSetting('modelId', 'ai2text-base');
    const base = testModel({ id: 'ai2text-base', name: 'Base', repository: '' });
    const state = { state: 'installed', backends: ['wasm'], bytes: 1 } as const;
    const library = libraryOf('whisper');
    library.state.setState({ models: [{ model: base, state, added: false }] });
    await setSetting('integerProducts', { products: 'pairs', browser: 'Browser' });
    const engine = await openLiveEngine(library, use, WORKERS, signal);
    expect(engine.modelName).toBe(EMBEDDED);
    expect(engine.second?.name).toBe('Base');
    const second = await engine.second?.open(signal);
    const words = await second?.recognise([new Float32Array(16), new Float32Array(8)], signal);
    expect(words).toMatchObject([
      [{ text: 'heavy' }, { text: 'rain' }],
      [{ text: 'heavy' }, {}],
    ]);
    expect(machine.calls.filter((call) => call.includes('load'))).toEqual([
      'wasm load ai2text-en',
      'wasm load ai2text-base',
    ]);
    expect(machine.givenProducts).toEqual(['pairs', 'pairs']);
    second?.dispose();
    engine.dispose();
    expect(machine.alive).toBe(0);
    machine.wasm.loadError = new AppError('OUT_OF_MEMORY', 'full');
    await expect(engine.second?.open(signal)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(machine.alive).toBe(0);
  });

  it('has no second model after any other model', async () => {
    await setSetting('modelId', 'whisper');
    const engine = await openLiveEngine(libraryOf('whisper'), use, WORKERS, signal);
    expect(engine.second).toBeUndefined();
    engine.dispose();
  });

  it('comes word by word from its own worker, which ends with it', async () => {
    const engine = await openLiveEngine(libraryOf('whisper'), use, WORKERS, signal);
    expect(await engine.recognise(new Float32Array(16), signal)).toMatchObject([
      { text: 'heavy' },
      { text: 'rain' },
    ]);
    expect(machine.alive).toBe(1);
    engine.dispose();
    expect(machine.alive).toBe(0);
  });

  it('leaves no worker behind when its model does not load', async () => {
    machine.wasm.loadError = new AppError('OFFLINE', 'no network');
    await expect(openLiveEngine(libraryOf('whisper'), use, WORKERS, signal)).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    expect(machine.alive).toBe(0);
  });
});
