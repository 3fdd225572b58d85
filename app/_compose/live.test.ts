import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import type { CatalogueModel } from '@/lib/models/catalogue';
import type { ListedModel, ModelLibrary } from '@/lib/models/library';
import { closeDatabase } from '@/lib/store/db';
import { setSetting } from '@/lib/store/settings';
import { testModel } from '../_state/model-test-data';
import { openLiveEngine } from './live';
import { Machine } from './test-workers';

const EMBEDDED = 'AI2Text English (starter)';
const { signal } = new AbortController();
let machine: Machine;

beforeEach(() => {
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
    get: () => list,
    subscribe: () => () => undefined,
    download: none,
    pause: none,
    remove: none,
    addRepository: none,
    addFolder: none,
  };
}

async function writerOf(library: ModelLibrary): Promise<string> {
  const engine = await openLiveEngine(library, signal);
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

  it('is left to the built-in model by Whisper, which looks at thirty seconds each time', async () => {
    await setSetting('modelId', 'whisper');
    expect(await writerOf(libraryOf('whisper'))).toBe(EMBEDDED);
  });

  it('is left to the built-in model where the one in use is not here for wasm, or not at all', async () => {
    await setSetting('modelId', 'moonshine');
    expect(await writerOf(libraryOf('moonshine', ['webgpu']))).toBe(EMBEDDED);
    await setSetting('modelId', 'removed');
    expect(await writerOf(libraryOf('moonshine'))).toBe(EMBEDDED);
  });

  it('comes word by word from a worker of its own, which ends with it', async () => {
    const engine = await openLiveEngine(libraryOf('whisper'), signal);
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
    await expect(openLiveEngine(libraryOf('whisper'), signal)).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    expect(machine.alive).toBe(0);
  });
});
