import { describe, expect, it } from 'vitest';
import type { DraftModel, ModelFile, PublishedModel } from '@/lib/catalogue/catalogue';
import { AppError } from '@/lib/core/errors';
import {
  doubtful,
  encodeModel,
  readBuiltInModel,
  readBytes,
  SMALL_PHONES,
  smallModel,
} from '@/lib/engine/families/ctc/test-model';
import type { LoadParams } from '@/lib/engine/families/protocol';
import type { HandlerContext } from '@/lib/engine/rpc/protocol';
import type { InferenceRuntime, InferenceSession } from '@/lib/engine/runtime/runtime';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import type { NumberStyle } from '@/lib/engine/types';
import { asWanted, recogniserHandlers } from './handlers';

const { entry } = readBuiltInModel();
const params: LoadParams = {
  model: entry,
  modelsUrl: 'http://localhost/models/',
  aligner: null,
  runtimeUrl: 'http://localhost/ort/',
  threads: 1,
};
const context: HandlerContext<never> = {
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** A runtime whose every graph answers with these phone scores, row after row. */
function runtimeOf(
  score: (samples: number) => { data: Float32Array; frames: number; units: number },
  onRelease: () => void = () => undefined,
): InferenceRuntime {
  const session: InferenceSession = {
    inputs: [],
    outputs: [],
    run: async ({ pcm }) => {
      const { data, frames, units } = score(pcm?.dims[1] ?? 0);
      return { phones: new nodeRuntime.Tensor('float32', data, [1, frames, units]) };
    },
    release: async () => onRelease(),
  };
  // its graph is asked, not the app's own kernels
  return { ...nodeRuntime, kernels: null, open: async () => session };
}

const notInstalled = async () => {
  throw new AppError('MODEL_NOT_INSTALLED', 'Not here.');
};

/** A worker's handlers over the real files, with a network that gives nothing but blanks. */
function makeHandlers() {
  const state = { online: true, released: 0 };
  const { phones, frameSamples } = readBuiltInModel().vocabulary;
  const runtime = runtimeOf(
    (samples) => {
      const frames = Math.ceil(samples / frameSamples);
      const data = new Float32Array(frames * phones.length).fill(-20);
      for (let frame = 0; frame < frames; frame++) data[frame * phones.length] = 0;
      return { data, frames, units: phones.length };
    },
    () => {
      state.released += 1;
    },
  );
  const handlers = recogniserHandlers({
    backend: 'wasm',
    limits: { rows: 1, paddedSamples: 1e6, shortest: 1 },
    fetchFile: async ({ path }: ModelFile) => {
      if (!state.online) throw new AppError('OFFLINE', 'The network is off.');
      return readBytes(`public/models/${path}`);
    },
    openInstalled: notInstalled,
    start: async () => runtime,
  });
  const recognise = () => handlers.recognise({ batch: [new Float32Array(4800)] }, context);
  return { handlers, state, recognise };
}

/** The handlers over a small model, and what they make of something between "ban" and "pan". */
async function smallHandlers(words: DraftModel['words'] = undefined, model = smallModel()) {
  const vocabulary = { sampleRateHz: 16_000, frameSamples: 480, blank: 0, phones: SMALL_PHONES };
  const contents = new Map([
    [entry.backends.wasm.files.vocabulary, new TextEncoder().encode(JSON.stringify(vocabulary))],
    [entry.backends.wasm.files.languageModel, model],
  ]);
  const units = SMALL_PHONES.length;
  const handlers = recogniserHandlers({
    backend: 'wasm',
    limits: { rows: 1, paddedSamples: 1e6, shortest: 1 },
    fetchFile: async (file: ModelFile) => (contents.get(file) ?? new Uint8Array(1)).buffer,
    openInstalled: notInstalled,
    start: async () => runtimeOf(() => ({ data: doubtful(1, 0.5, 2, 0.4), frames: 5, units })),
  });
  await handlers.load({ ...params, model: { ...entry, words } }, context);
  return (hotWords?: string[], numbers?: NumberStyle) => {
    const batch = [new Float32Array(5 * 480)];
    const wanted = { ...(hotWords ? { hotWords } : {}), ...(numbers ? { numbers } : {}) };
    return handlers.recognise({ batch, ...wanted }, context);
  };
}

describe('the handlers of a recogniser', () => {
  it('give the search the words of the user, and none when there are none', async () => {
    const recognise = await smallHandlers();
    expect(await recognise(['PAN'])).toMatchObject({ hypotheses: [{ words: [{ text: 'PAN' }] }] });
    expect(await recognise()).toMatchObject({ hypotheses: [{ words: [{ text: 'Ban' }] }] });
  });

  it('write numbers as it is asked for', async () => {
    // one word, which is said like "ban"
    const model = encodeModel({ words: [['twenty', [1, 4, 5]]], unigrams: [200, 16, 100, 32] });
    const recognise = await smallHandlers(undefined, model);
    const written = (text: string) => ({ hypotheses: [{ words: [{ text }] }] });
    expect(await recognise()).toMatchObject(written('Twenty'));
    expect(await recognise([], 'figures')).toMatchObject(written('20'));
  });

  it('write numbers as English has them in what is English alone', () => {
    const words = [{ text: 'ten', startSample: 0, endSample: 1, confidence: 1 }];
    const hypotheses = [{ words }, { words, language: 'nl' }];
    const result = { hypotheses, inferenceMs: 0, searchMs: 0, language: 'en' };
    const written = asWanted(result, { map: null, numbers: 'figures' });
    expect(written.hypotheses.map((one) => one.words[0]?.text)).toEqual(['10', 'ten']);
  });

  it('say of each word how many of such words are right, where that was learnt', async () => {
    const confidenceBy = async (words?: DraftModel['words']) => {
      const recognise = await smallHandlers(words);
      const result = await recognise();
      if (!('hypotheses' in result)) throw new Error('nothing is transferred');
      return result.hypotheses[0]?.words[0]?.confidence ?? Number.NaN;
    };
    const learnt = (bias: number) => ({ confidence: { alone: { bias, model: 0 }, heard: null } });
    expect(await confidenceBy()).toBeGreaterThan(0.1);
    expect(await confidenceBy(learnt(0))).toBe(0.5);
    expect(await confidenceBy(learnt(-9))).toBeLessThan(0.01);
  });

  it('says that the worker must be restarted when it has no model', async () => {
    const { recognise } = makeHandlers();
    await expect(recognise()).rejects.toMatchObject({ code: 'WORKER_CRASHED', fatal: true });
  });

  it('keeps the model it has when another cannot be fetched', async () => {
    const { handlers, state, recognise } = makeHandlers();
    await handlers.load(params, context);
    state.online = false;
    await expect(handlers.load({ ...params, reload: true }, context)).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    expect(state.released).toBe(0);
    expect(await recognise()).toMatchObject({ hypotheses: [{ words: [] }] });
  });

  it('frees the loaded model when another replaces it', async () => {
    const { handlers, state } = makeHandlers();
    await handlers.load(params, context);
    await handlers.load(params, context);
    expect(state.released).toBe(0);
    await handlers.load({ ...params, reload: true }, context);
    expect(state.released).toBe(1);
  });

  it('keeps the model it has when the files of another are gone', async () => {
    const { handlers, state, recognise } = makeHandlers();
    await handlers.load(params, context);
    const model: PublishedModel = {
      ...entry,
      family: 'whisper',
      id: 'other',
      repository: 'owner/other',
      revision: 'main',
      scores: [],
      backends: {
        wasm: { precision: 'q8', files: {}, approximateBytes: 1, needs: [] },
        webgpu: null,
      },
    };
    await expect(handlers.load({ ...params, model }, context)).rejects.toMatchObject({
      code: 'MODEL_NOT_INSTALLED',
    });
    expect(state.released).toBe(0);
    expect(await recognise()).toMatchObject({ hypotheses: [{ words: [] }], language: 'en' });
  });
});
