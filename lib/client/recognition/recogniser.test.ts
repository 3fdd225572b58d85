import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { testModel } from '@/app/_features/models/test-models';
import { setSetting } from '@/lib/client/store/settings';
import { AppError } from '@/lib/core/errors';
import type { JobOptions } from '@/lib/engine/pipeline/stages';
import type { ModelRecogniser } from './recogniser';
import { EMBEDDED, libraryOf, openPage, PUBLISHED, reloaded, use } from './test-recogniser';
import type { Machine } from './test-workers';

const { signal } = new AbortController();

let machine: Machine;
let recogniser: ModelRecogniser;

beforeEach(() => {
  ({ machine, recogniser } = openPage());
});

const backendOf = async (modelId = EMBEDDED) => (await recogniser.prepare(modelId, signal)).backend;
const batch = () => [new Float32Array(16)];
const work = () =>
  recogniser.recognise(batch(), { hotWords: [], language: 'en', task: 'transcribe', signal });

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

  it('falls back to wasm when the GPU is lost while a model is loaded', async () => {
    await recogniser.choose(false);
    machine.webgpu.loadError = new AppError('GPU_DEVICE_LOST', 'gone', { fatal: true });
    await expect(backendOf()).rejects.toMatchObject({ code: 'GPU_DEVICE_LOST', fatal: true });
    expect(await backendOf()).toBe('wasm');
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
