import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { testModel } from '@/app/_features/models/test-models';
import { getSetting, setSetting } from '@/lib/client/store/settings';
import { AppError } from '@/lib/core/errors';
import type { ModelRecogniser } from './recogniser';
import { EMBEDDED, libraryOf, openPage, PUBLISHED, reloaded, stubPage } from './test-recogniser';
import type { Machine } from './test-workers';

const { signal } = new AbortController();

let machine: Machine;
let recogniser: ModelRecogniser;
let warnings: unknown[][];

beforeEach(() => {
  ({ machine, recogniser, warnings } = openPage());
});

const backendOf = async (modelId = EMBEDDED) => (await recogniser.prepare(modelId, signal)).backend;
const stored = async (modelId = EMBEDDED) => (await getSetting('backendChoices'))[modelId];
const work = () =>
  recogniser.recognise([new Float32Array(16)], {
    hotWords: [],
    language: 'en',
    task: 'transcribe',
    signal,
  });

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

describe('how kernels multiply', () => {
  it('is as the first load measured it, whatever the clock says later', async () => {
    await recogniser.choose(false);
    machine.products = 'pairs';
    await recogniser.choose(true);
    await setSetting('backend', 'wasm');
    recogniser = reloaded();
    await backendOf();
    expect(machine.givenProducts).toEqual([undefined, 'bytes', 'bytes']);
  });

  it('is so where the user chose wasm before anything was tested, too', async () => {
    await setSetting('backend', 'wasm');
    await backendOf();
    machine.products = 'pairs';
    recogniser = reloaded();
    await backendOf();
    expect(machine.givenProducts).toEqual([undefined, 'bytes']);
  });

  it('is measured again in another browser', async () => {
    await setSetting('backend', 'wasm');
    await backendOf();
    stubPage({ userAgent: 'Browser 2' });
    machine.products = 'pairs';
    for (let page = 0; page < 2; page++) {
      recogniser = reloaded();
      await backendOf();
    }
    expect(machine.givenProducts).toEqual([undefined, undefined, 'pairs']);
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

  it('is made again in another browser, and on request', async () => {
    stubPage({ userAgent: 'Browser 2' });
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
