import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DraftModel } from '@/lib/catalogue/catalogue';
import { fetchCatalogue, fetchModelFile } from '@/lib/catalogue/files';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { LoadParams } from '@/lib/engine/families/protocol';
import { testBackend } from '@/lib/engine/runtime/self-test';
import type { SpeechHypothesis } from '@/lib/engine/types';
import { createAsrWasmClient } from './client';

const modelsUrl = `${location.origin}/models/`;
const clients: ReturnType<typeof createAsrWasmClient>[] = [];
let model: DraftModel;
let params: LoadParams;
let clip: Float32Array;
/** Words in the self-test clip. */
let clipWords: number;

/** A client that the test need not dispose. */
function newClient() {
  const client = createAsrWasmClient();
  clients.push(client);
  return client;
}

async function loadedClient(threads = 1) {
  const client = newClient();
  await client.call('load', { ...params, threads });
  return client;
}

beforeAll(async () => {
  const catalogue = await fetchCatalogue(`${modelsUrl}catalogue.json`);
  [model] = catalogue.models;
  params = { model, modelsUrl, aligner: null, runtimeUrl: `${location.origin}/ort/`, threads: 1 };
  clip = await readWavPcm(new Blob([await fetchModelFile(model.knownClip, modelsUrl)]));
  clipWords = model.knownClip.text.split(' ').length;
});

afterEach(() => {
  vi.unstubAllGlobals();
  for (const client of clients.splice(0)) client.dispose();
});

describe('the wasm recogniser', () => {
  it.each([1, 2])('gives the known text with %i threads', async (threads) => {
    const loaded = await testBackend(newClient(), 'wasm', { ...params, threads }, clip, {
      expected: model.knownClip,
      timeoutMs: 50_000,
    });
    expect(loaded.result).toMatchObject({ backend: 'wasm', outcome: 'right' });
    expect(loaded.result.detail.toLowerCase()).toBe(model.knownClip.text);
    expect(loaded.info).toEqual({
      modelId: 'ai2text-en',
      backend: 'wasm',
      precision: 'int8',
      language: 'en',
      threads,
    });
    console.info(
      `self-test clip, wasm, ${threads} threads: load ${loaded.result.loadMs?.toFixed(0)} ms, ` +
        `run ${loaded.result.runMs?.toFixed(0)} ms for ${(clip.length / 16_000).toFixed(1)} s`,
    );
  });

  it.each(['wide', 'pairs'] as const)('multiplies integers as it is told: %s', async (products) => {
    const client = newClient();
    expect(await client.call('load', { ...params, products })).toMatchObject({ products });
    const { hypotheses } = await client.call('recognise', { batch: [clip] });
    expect(hypotheses[0]?.words).toHaveLength(clipWords);
  });

  it('gives each segment of a batch what it gives it alone, in the order of the batch', async () => {
    const client = await loadedClient();
    const cuts = [clip.slice(0, 30_000), clip, clip.slice(20_000, 61_234), clip.map((x) => 4 * x)];
    const batch = [...cuts, clip.slice(0, 28_000), new Float32Array(0), clip.slice(0, 77)];
    const together = await client.call('recognise', { batch });
    const alone: SpeechHypothesis[] = [];
    for (const segment of batch)
      alone.push(...(await client.call('recognise', { batch: [segment] })).hypotheses);
    const texts = (hypotheses: typeof alone) =>
      hypotheses.map(({ words }) =>
        words.map(({ text, startSample, endSample }) => ({ text, startSample, endSample })),
      );
    expect(texts(together.hypotheses)).toEqual(texts(alone));
    expect(together.hypotheses[1]?.words).toHaveLength(clipWords);
    expect(together.hypotheses[5]).toEqual({ words: [] });
    for (const [index, { words }] of together.hypotheses.entries())
      for (const [at, word] of words.entries())
        expect(word.confidence).toBeCloseTo(alone[index]?.words[at]?.confidence ?? -1, 3);
  });

  it('refuses samples that are not numbers and keeps working', async () => {
    const client = await loadedClient();
    const broken = clip.slice();
    broken[1000] = Number.NaN;
    await expect(client.call('recognise', { batch: [broken] })).rejects.toMatchObject({
      code: 'RECOGNISE_FAILED',
      fatal: false,
    });
    const { hypotheses } = await client.call('recognise', { batch: [clip] });
    expect(hypotheses[0]?.words).toHaveLength(clipWords);
  });

  it('stops between segments when the call is cancelled, without losing the model', async () => {
    const client = await loadedClient();
    const abort = new AbortController();
    const long = new Float32Array(20 * 16_000);
    for (let at = 0; at < long.length; at++) long[at] = clip[at % clip.length] ?? 0;
    const call = client.call(
      'recognise',
      { batch: Array.from({ length: 40 }, () => long) },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 300);
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    const { hypotheses } = await client.call('recognise', { batch: [clip] });
    expect(hypotheses[0]?.words).toHaveLength(clipWords);
  });

  it('rejects what is pending when the client is disposed', async () => {
    const client = await loadedClient();
    const call = client.call('recognise', { batch: [clip] });
    client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('rejects what is pending when its worker crashes, and starts a fresh one', async () => {
    const started: Worker[] = [];
    const RealWorker = globalThis.Worker;
    vi.stubGlobal(
      'Worker',
      class extends RealWorker {
        constructor(...args: ConstructorParameters<typeof RealWorker>) {
          super(...args);
          started.push(this);
        }
      },
    );
    const client = await loadedClient();
    const call = client.call('recognise', { batch: [clip] });
    // what the browser sends when a worker dies of an error that nothing caught
    started[0]?.dispatchEvent(new ErrorEvent('error', { message: 'unreachable executed' }));
    await expect(call).rejects.toMatchObject({ code: 'WORKER_CRASHED', fatal: true });
    await client.call('load', params);
    const { hypotheses } = await client.call('recognise', { batch: [clip] });
    expect(hypotheses[0]?.words).toHaveLength(clipWords);
    expect(started).toHaveLength(2);
  });

  it('says so when no model is loaded', async () => {
    const client = await loadedClient();
    await client.call('dispose', null);
    await expect(client.call('recognise', { batch: [clip] })).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      fatal: true,
    });
  });

  it('refuses a model file that is not the one of the catalogue', async () => {
    const { files } = model.backends.wasm;
    const altered = structuredClone(model);
    altered.backends.wasm.files.network = { ...files.network, sha256: '0'.repeat(64) };
    const call = newClient().call('load', { ...params, model: altered });
    await expect(call).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
  });
});
