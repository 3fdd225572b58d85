import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { testModel } from '@/app/_features/models/test-models';
import type { PublishedModel } from '@/lib/catalogue/catalogue';
import type { ListedModel, ModelLibrary } from '@/lib/client/model-library/model-library';
import { closeDatabase } from '@/lib/client/store/db';
import { getSetting, setSetting } from '@/lib/client/store/settings';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import { createAsrWasmClient } from '@/workers/asr-wasm/client';
import { createAsrWebGpuClient } from '@/workers/asr-webgpu/client';
import { createModelRecogniser, type ModelRecogniser } from './recogniser';
import { Machine, stubCrashNote } from './test-workers';

const WORKERS = { wasm: createAsrWasmClient, webgpu: createAsrWebGpuClient };

const EMBEDDED = 'ai2text-en';
const PUBLISHED = 'whisper-base';
const RIGHT = 'he stopped and philip nodded at the horrified question in his eyes';
const { signal } = new AbortController();

/** The model that the setting names, without a device that would have a say. */
const use = {
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

let machine: Machine;
let recogniser: ModelRecogniser;
let warnings: unknown[][];

beforeEach(() => {
  machine = new Machine(RIGHT);
  page();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  warnings = warn.mock.calls;
  onTestFinished(async () => {
    warn.mockRestore();
    await closeDatabase();
    await deleteDB('ai2text');
  });
  use.reportFailure.mockClear();
  recogniser = createModelRecogniser(libraryOf(testModel()), use, WORKERS);
});

/** A page of the app in some browser, with the app's own files. */
function page({ userAgent = 'Browser 1' } = {}): void {
  vi.stubGlobal('location', { origin: 'http://localhost:3000' });
  stubCrashNote();
  vi.stubGlobal('navigator', { userAgent, hardwareConcurrency: 2 });
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname } = new URL(url);
    return new Response(new Uint8Array(await readFile(`public${pathname}`)));
  });
}

/** A library in which these models are whole, for every backend. */
function libraryOf(...models: PublishedModel[]): ModelLibrary {
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

const reloaded = (library = libraryOf(testModel())) => createModelRecogniser(library, use, WORKERS);
const backendOf = async (modelId = EMBEDDED) => (await recogniser.prepare(modelId, signal)).backend;
const stored = async (modelId = EMBEDDED) => (await getSetting('backendChoices'))[modelId];
const batch = () => [new Float32Array(16)];
const work = () =>
  recogniser.recognise(batch(), { hotWords: [], language: 'en', task: 'transcribe', signal });

describe('the first use of a model', () => {
  it('tests both backends with the self-test clip, and stores the faster correct one', async () => {
    const choice = await recogniser.choose(false);
    expect(choice.backend).toBe('webgpu');
    expect(choice.trials).toMatchObject([
      { backend: 'wasm', outcome: 'right', runMs: 100 },
      { backend: 'webgpu', outcome: 'right', runMs: 50 },
    ]);
    expect(await stored()).toEqual(choice);
    // loaded once, then two runs: the first compiles
    expect(machine.calls).toEqual([
      'wasm load ai2text-en again',
      'wasm recognise',
      'wasm recognise',
      'webgpu load ai2text-en again',
      'webgpu recognise',
      'webgpu recognise',
    ]);
  });

  it('reports which model is being tested, whoever asked for it, and when the test is over', async () => {
    const tested: (string | null)[] = [];
    recogniser.testing.subscribe(({ modelId }) => tested.push(modelId));
    await recogniser.prepare(EMBEDDED, signal);
    await vi.waitFor(() => expect(tested).toEqual([EMBEDDED, null]));
    await recogniser.prepare(EMBEDDED, signal);
    machine.wasm.text = 'nonsense';
    machine.webgpu.text = 'nonsense';
    await expect(recogniser.choose(true)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    expect(tested).toEqual([EMBEDDED, null, EMBEDDED, null]);
  });

  it('keeps that the right text of a model is not known', async () => {
    recogniser = reloaded(libraryOf(testModel({ id: 'mine' })));
    await setSetting('modelId', 'mine');
    machine.wasm.text = 'la la';
    const { trials } = await recogniser.choose(false);
    expect(trials).toMatchObject([{ outcome: 'right', anyText: true, detail: 'la la' }, {}]);
    expect((await stored('mine'))?.trials).toEqual(trials);
  });

  it('does not use a backend with wrong words, however fast', async () => {
    machine.webgpu.text = 'something else entirely';
    const choice = await recogniser.choose(false);
    expect(choice.backend).toBe('wasm');
    expect(choice.reason).toContain('webgpu gave another text');
  });

  it('works without a GPU', async () => {
    machine.webgpu.loadError = new AppError('BACKEND_UNAVAILABLE', 'no adapter');
    expect(await recogniser.choose(false)).toMatchObject({
      backend: 'wasm',
      trials: [{ outcome: 'right' }, { outcome: 'unavailable', detail: 'no adapter' }],
    });
  });

  it('reports that no backend is correct, and stores nothing', async () => {
    for (const backend of [machine.wasm, machine.webgpu]) backend.text = 'nonsense';
    await expect(recogniser.choose(false)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
    expect(await stored()).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('does not judge a backend by a failed download, and tests again next time', async () => {
    machine.wasm.loadError = new AppError('OFFLINE', 'no network');
    await expect(recogniser.choose(false)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(await stored()).toBeUndefined();
    machine.wasm.loadError = null;
    expect((await recogniser.choose(false)).backend).toBe('webgpu');
  });

  it('is repeated if the app’s own files could not be loaded', async () => {
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', async () => new Response(null, { status: 404 }));
    await expect(recogniser.prepare(EMBEDDED, signal)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
    });
    vi.stubGlobal('fetch', fetch);
    expect((await recogniser.choose(false)).backend).toBe('webgpu');
  });

  it('starts work on wasm while the GPU is still being tested', async () => {
    let gpu: () => void = () => undefined;
    machine.gpuReady = new Promise((resolve) => {
      gpu = resolve;
    });
    expect(await backendOf()).toBe('wasm');
    expect((await work()).hypotheses).toHaveLength(1);
    gpu();
    await vi.waitFor(async () => expect((await stored())?.backend).toBe('webgpu'), {
      timeout: 10_000,
      interval: 5,
    });
    // a job that runs is not swapped to another backend; the next one is
    expect(await backendOf()).toBe('webgpu');
  });

  it('shares one self-test between all callers', async () => {
    const [one, other] = await Promise.all([recogniser.choose(false), recogniser.choose(true)]);
    expect(other).toBe(one);
    expect(machine.calls.filter((call) => call.includes('load'))).toHaveLength(2);
  });
});

describe('a stored backend choice', () => {
  beforeEach(async () => {
    await recogniser.choose(false);
    machine.calls.length = 0;
    recogniser = reloaded();
  });

  it('is used again after a reload, without a self-test', async () => {
    expect(await backendOf()).toBe('webgpu');
    expect(machine.calls).toEqual(['webgpu load ai2text-en']);
  });

  it('has what kernels measured: a clock that says something else later changes no words', async () => {
    await setSetting('backend', 'wasm');
    machine.inBytes = false;
    expect(await backendOf()).toBe('wasm');
    expect(machine.givenInBytes).toEqual([undefined, undefined, true]);
    await recogniser.choose(true);
    recogniser = reloaded();
    await backendOf();
    expect(machine.givenInBytes.at(-1)).toBe(false);
  });

  it('is made again in another browser, and on request', async () => {
    page({ userAgent: 'Browser 2' });
    machine.wasm.runMs = 10;
    expect((await recogniser.choose(false)).backend).toBe('wasm');
    machine.wasm.runMs = 90;
    expect((await recogniser.choose(false)).backend).toBe('wasm');
    expect((await recogniser.choose(true)).backend).toBe('webgpu');
  });

  it('does not apply to another model, nor to other files of the same model', async () => {
    const choice = await recogniser.choose(false);
    await setSetting('modelId', PUBLISHED);
    expect((await recogniser.choose(false)).modelId).toBe(PUBLISHED);
    expect(await stored()).toEqual(choice);
    machine.calls.length = 0;
    recogniser = reloaded(libraryOf(testModel({ revision: 'newer' })));
    await recogniser.choose(false);
    expect(machine.calls[0]).toBe('wasm load whisper-base again');
  });

  it('is overridden by the user’s setting', async () => {
    await setSetting('backend', 'wasm');
    expect(await backendOf()).toBe('wasm');
    await setSetting('backend', 'webgpu');
    expect(await backendOf()).toBe('webgpu');
  });

  it('is used if the GPU that the user chose gave wrong words', async () => {
    machine.webgpu.text = 'something else';
    await recogniser.choose(true);
    await setSetting('backend', 'webgpu');
    expect(await backendOf()).toBe('wasm');
  });
});

describe('first words', () => {
  const speech = { hotWords: [], language: null, task: 'transcribe' } as const;
  const open = (options: Partial<JobOptions> = {}) =>
    recogniser.openFirstWords({ modelId: PUBLISHED, ...speech, ...options }, signal);

  beforeEach(() => setSetting('backend', 'wasm'));

  it('come from Draft, which is loaded first and released when the model is ready', async () => {
    await recogniser.choose(false); // of Draft; nothing is tested again below
    await setSetting('modelId', PUBLISHED);
    await recogniser.choose(false);
    recogniser = reloaded();
    machine.calls.length = 0;
    const { alive } = machine;
    let loadDraft: () => void = () => undefined;
    machine.wasmReady[EMBEDDED] = new Promise((resolve) => {
      loadDraft = resolve;
    });
    const both = Promise.all([open(), recogniser.prepare(PUBLISHED, signal)]);
    await vi.waitFor(() => expect(machine.calls).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20)); // the other one would begin by then
    expect(machine.calls).toEqual(['wasm load ai2text-en']);
    loadDraft();
    const [writer] = await both;
    expect(machine.calls).toEqual(['wasm load ai2text-en', 'wasm load whisper-base']);
    expect(writer?.info).toMatchObject({ modelId: EMBEDDED, threads: 1 });
    expect(machine.alive).toBe(alive + 1);
    await expect(writer?.recognise(batch(), signal)).rejects.toMatchObject({ code: 'ABORTED' });
    // now the model itself is quick
    expect(await open()).toBeNull();
  });

  it('are available from the start of a page, before its model is loaded', async () => {
    await setSetting('modelId', PUBLISHED);
    let load: () => void = () => undefined;
    machine.wasmReady[PUBLISHED] = new Promise((resolve) => {
      load = resolve;
    });
    const warm = recogniser.warmUp();
    await vi.waitFor(() => expect(machine.calls.at(-1)).toContain('load whisper-base'));
    const writer = await open();
    const { hypotheses } = (await writer?.recognise(batch(), signal)) ?? { hypotheses: [] };
    expect(hypotheses).toHaveLength(1);
    load();
    await warm;
    expect(machine.calls.filter((call) => call === 'wasm load ai2text-en')).toHaveLength(1);
  });

  it('are left out if Draft does not cover the language, or is itself the model', async () => {
    expect(await open({ language: 'fr' })).toBeNull();
    expect(await open({ language: 'en,fr' })).toBeNull();
    expect(await open({ task: 'translate' })).toBeNull();
    expect(await open({ modelId: EMBEDDED })).toBeNull();
    expect(machine.started).toBe(0);
    expect(await open({ language: 'en-GB' })).not.toBeNull();
  });

  it('do not prevent the model from loading if they fail', async () => {
    machine.wasm.loadError = new AppError('OUT_OF_MEMORY', 'full', { fatal: true });
    await expect(open()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    machine.wasm.loadError = null;
    expect(await open()).not.toBeNull();
    expect(await backendOf(PUBLISHED)).toBe('wasm');
  });
});

describe('a recogniser', () => {
  it('falls back to wasm permanently when the GPU fails during a job', async () => {
    await recogniser.choose(false);
    expect(await backendOf()).toBe('webgpu');
    machine.webgpu.runError = new AppError('GPU_DEVICE_LOST', 'gone', { fatal: true });
    // fatal: the job resumes from its last stored batch
    await expect(work()).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST', fatal: true });
    machine.webgpu.runError = null;
    expect(await backendOf()).toBe('wasm');
    expect((await work()).hypotheses).toHaveLength(1);
    // tested again when the user asks, or the page is reloaded
    expect(await reloaded().prepare(EMBEDDED, signal)).toMatchObject({ backend: 'webgpu' });
    await recogniser.choose(true);
    expect(await backendOf()).toBe('webgpu');
  });

  it('tries a GPU that failed again where wasm gave wrong words', async () => {
    machine.wasm.text = 'nonsense';
    await recogniser.choose(false);
    expect(await backendOf()).toBe('webgpu');
    machine.webgpu.runError = new AppError('GPU_DEVICE_LOST', 'gone', { fatal: true });
    await expect(work()).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST', fatal: true });
    machine.webgpu.runError = null;
    expect(await backendOf()).toBe('webgpu');
    expect((await work()).hypotheses).toHaveLength(1);
  });

  it('passes on a failure on wasm unchanged', async () => {
    await setSetting('backend', 'wasm');
    await backendOf();
    machine.wasm.runError = new AppError('RECOGNISE_FAILED', 'broken');
    await expect(work()).rejects.toMatchObject({ code: 'RECOGNISE_FAILED', fatal: false });
  });

  it('frees the memory of the unused backend', async () => {
    machine.webgpu.runMs = 500;
    await recogniser.choose(false);
    expect([machine.started, machine.alive]).toEqual([2, 1]);
    expect(await backendOf()).toBe('wasm');
    expect([machine.started, machine.alive]).toEqual([2, 1]);
  });

  it('does not touch the model of a running job while another one is tested', async () => {
    await setSetting('backend', 'wasm');
    await backendOf();
    await setSetting('modelId', PUBLISHED);
    await recogniser.choose(true);
    // in workers of its own, which are gone afterwards
    expect([machine.started, machine.alive]).toEqual([3, 1]);
    machine.calls.length = 0;
    await work();
    expect(machine.calls).toEqual(['wasm recognise']);
  });

  it('is warmed up once, and not after a job has started', async () => {
    await setSetting('backend', 'wasm');
    await recogniser.warmUp();
    expect(machine.calls).toEqual(['wasm load ai2text-en']);
    await recogniser.prepare(EMBEDDED, signal);
    machine.calls.length = 0;
    await recogniser.warmUp();
    expect(machine.calls).toEqual([]);
  });

  it('reports that the large built-in model does not load, or runs out of memory', async () => {
    await setSetting('backend', 'wasm');
    recogniser = reloaded(libraryOf(testModel({ id: 'ai2text-base' })));
    const full = new AppError('OUT_OF_MEMORY', 'full', { fatal: true });
    machine.wasm.loadError = full;
    await expect(recogniser.prepare('ai2text-base', signal)).rejects.toMatchObject({
      code: full.code,
    });
    expect(use.reportFailure).toHaveBeenCalledTimes(1);
    machine.wasm.loadError = null;
    await recogniser.prepare('ai2text-base', signal);
    machine.wasm.runError = full;
    await expect(work()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(use.reportFailure).toHaveBeenCalledTimes(2);
    // others have no stand-in
    machine.wasm.runError = null;
    machine.wasm.loadError = full;
    await expect(recogniser.prepare(EMBEDDED, signal)).rejects.toMatchObject({ code: full.code });
    expect(use.reportFailure).toHaveBeenCalledTimes(2);
  });

  it('reports that a model is not on this device', async () => {
    recogniser = reloaded(libraryOf());
    await expect(recogniser.prepare(PUBLISHED, signal)).rejects.toMatchObject({
      code: 'MODEL_NOT_INSTALLED',
    });
  });

  it('tests only the backends whose files are here', async () => {
    const library = libraryOf(testModel());
    const [listed] = library.state.getState().models ?? [];
    if (listed) Object.assign(listed.state, { backends: ['webgpu'] });
    recogniser = reloaded(library);
    expect(await backendOf(PUBLISHED)).toBe('webgpu');
    expect(machine.calls.some((call) => call.startsWith('wasm'))).toBe(false);
  });
});
