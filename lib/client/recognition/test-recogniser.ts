// A page with a recogniser, for its tests: the app's own files, a machine that is simulated, models that are there.
import { readFile } from 'node:fs/promises';
import { deleteDB } from 'idb';
import { onTestFinished, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { testModel } from '@/app/_features/models/test-models';
import type { PublishedModel } from '@/lib/catalogue/catalogue';
import type { ListedModel, ModelLibrary } from '@/lib/client/model-library/model-library';
import { closeDatabase } from '@/lib/client/store/db';
import { getSetting } from '@/lib/client/store/settings';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createAsrWebGpuClient } from '@/workers/asr-webgpu/client';
import { createModelRecogniser, type ModelRecogniser } from './recogniser';
import { Machine, stubCrashNote } from './test-workers';

const WORKERS = { wasm: createAsrWasmClient, webgpu: createAsrWebGpuClient };

export const EMBEDDED = 'ai2text-en';
export const PUBLISHED = 'whisper-base';
const RIGHT = 'he stopped and philip nodded at the horrified question in his eyes';

/** The model that the setting names, without a device that would have a say. */
export const use = {
  read: async () => {
    const chosen = (await getSetting('modelId')) ?? EMBEDDED;
    return {
      chosen,
      now: chosen,
      large: 'ai2text-base',
      standIn: null,
      tooSmall: null,
      isChosenByUser: true,
    };
  },
  reportFailure: vi.fn(async () => undefined),
};

/** A page that has just been opened. */
export interface OpenPage {
  machine: Machine;
  recogniser: ModelRecogniser;
  /** What it has warned of. */
  warnings: unknown[][];
}

/** Opens a page for one test, in a browser that has nothing stored. */
export function openPage(): OpenPage {
  const machine = new Machine(RIGHT);
  stubPage();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  onTestFinished(async () => {
    warn.mockRestore();
    await closeDatabase();
    await deleteDB('ai2text');
  });
  use.reportFailure.mockClear();
  return { machine, recogniser: reloaded(), warnings: warn.mock.calls };
}

/** A page of the app in some browser, with the app's own files. */
export function stubPage({ userAgent = 'Browser 1' } = {}): void {
  vi.stubGlobal('location', { origin: 'http://localhost:3000' });
  stubCrashNote();
  vi.stubGlobal('navigator', { userAgent, hardwareConcurrency: 2 });
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname } = new URL(url);
    return new Response(new Uint8Array(await readFile(`public${pathname}`)));
  });
}

/** A library in which these models are whole, for every backend. */
export function libraryOf(...models: PublishedModel[]): ModelLibrary {
  const list = models.map((model): ListedModel => {
    const state = { state: 'installed', backends: ['wasm', 'webgpu'], bytes: 1 } as const;
    return { model, state, added: false };
  });
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

/** The recogniser of a page that has just been reloaded. */
export const reloaded = (library = libraryOf(testModel())): ModelRecogniser =>
  createModelRecogniser(library, use, WORKERS);
