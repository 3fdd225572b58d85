import * as ort from 'onnxruntime-web/wasm';
import { afterEach, describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import {
  BLOCK_FRAMES,
  CONTEXT_SAMPLES,
  FRAME_SAMPLES,
  STATE_SIZE,
} from '@/lib/engine/vad/constants';
import { frameRows, ROW_SAMPLES } from '@/lib/engine/vad/silero';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad/vad-session';
import { createSegmenter, type WorkerSegmenter, type WorkerSegmenterOptions } from './client';
import { loadNetwork } from './network';
import type { SegmentAssets } from './protocol';

const ASSETS: SegmentAssets = {
  modelUrl: `${location.origin}/vad/silero_vad_v6.onnx`,
  runtimeUrl: `${location.origin}/ort/`,
};

/**
 * Two flite voices, made by: flite -voice slt "The library opens at nine in the morning. Please
 * bring your own card." and -voice awb "We walked along the river until the rain began, and then we
 * went home.", joined by sox with 1 s of silence before and after and 2.5 s between.
 */
const SPEECH = new URL('./fixtures/two-speakers.flac', import.meta.url).href;
const FIRST = { startSample: 16_000, endSample: 84_560 };
const SECOND = { startSample: 124_560, endSample: 183_520 };
/** The voices fade in and out: their first and last samples are silence. */
const TOLERANCE = 0.15 * SAMPLE_RATE_HZ;

let made: WorkerSegmenter[] = [];
function segmenter(options: WorkerSegmenterOptions = {}): WorkerSegmenter {
  const one = createSegmenter(options);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made) one.dispose();
  made = [];
});

async function speech(): Promise<Float32Array<ArrayBuffer>> {
  const bytes = await (await fetch(SPEECH)).arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, SAMPLE_RATE_HZ).decodeAudioData(bytes);
  return audio.getChannelData(0).slice();
}

function repeat(pcm: Float32Array, times: number): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(pcm.length * times);
  for (let i = 0; i < times; i++) whole.set(pcm, i * pcm.length);
  return whole;
}

async function run(
  target: WorkerSegmenter,
  pcm: Float32Array<ArrayBuffer>,
  { from = null, piece = pcm.length }: { from?: SegmenterCheckpoint | null; piece?: number } = {},
): Promise<SegmentedSpeech[]> {
  const session = await target.open(from);
  const found: SegmentedSpeech[] = [];
  for (let at = session.startSample; at < pcm.length; at += piece)
    found.push(...(await session.push(chunk(at, pcm.subarray(at, at + piece)))));
  found.push(...(await session.finish()));
  await session.close();
  return found;
}

function chunk(startSample: number, pcm: Float32Array<ArrayBuffer>) {
  return { startSample, pcm };
}

describe('the network over blocks', () => {
  it('gives the probabilities of the published graph, run one frame at a time', async () => {
    const pcm = await speech();
    const network = await loadNetwork(ort, ASSETS);
    const rows = frameRows(Float32Array.from([...new Float32Array(CONTEXT_SAMPLES), ...pcm]));
    const split = BLOCK_FRAMES * ROW_SAMPLES;
    const first = await network.run(rows.slice(0, split), new Float32Array(STATE_SIZE));
    const second = await network.run(rows.slice(split), first.state);
    const stretched = [...first.probabilities, ...second.probabilities];

    const published = await ort.InferenceSession.create(ASSETS.modelUrl);
    const sampleRate = new ort.Tensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE_HZ)), []);
    let state: ort.Tensor = new ort.Tensor('float32', new Float32Array(STATE_SIZE), [2, 1, 128]);
    let worst = 0;
    let loud = 0;
    for (const [frame, probability] of stretched.entries()) {
      const row = rows.slice(frame * ROW_SAMPLES, (frame + 1) * ROW_SAMPLES);
      const input = new ort.Tensor('float32', row, [1, ROW_SAMPLES]);
      const { output, stateN } = await published.run({ input, state, sr: sampleRate });
      if (!output || !stateN) throw new Error('the published graph has other outputs');
      state = stateN;
      const wanted = Number(output.data[0]);
      if (wanted > 0.5) loud++;
      worst = Math.max(worst, Math.abs(probability - wanted));
    }
    expect(stretched).toHaveLength(Math.ceil(pcm.length / FRAME_SAMPLES));
    expect(loud).toBeGreaterThan(150);
    expect(worst).toBeLessThan(1e-4);
  });
});

describe('createSegmenter', () => {
  it('finds the two voices, each whole, with their samples', async () => {
    const pcm = await speech();
    const found = await run(segmenter(), pcm, { piece: 10_000 });
    expect(found).toHaveLength(2);
    for (const [i, wanted] of [FIRST, SECOND].entries()) {
      const { startSample = 0, endSample = 0, pcm: samples } = found[i] ?? {};
      expect(startSample).toBeLessThan(wanted.startSample + TOLERANCE);
      expect(startSample).toBeGreaterThan(wanted.startSample - 0.5 * SAMPLE_RATE_HZ);
      expect(endSample).toBeGreaterThan(wanted.endSample - TOLERANCE);
      expect(endSample).toBeLessThan(wanted.endSample + 0.7 * SAMPLE_RATE_HZ);
      expect(samples).toEqual(pcm.slice(startSample, endSample));
    }
  });

  it('continues from any checkpoint with the same segments, in whatever pieces', async () => {
    const pcm = repeat(await speech(), 5);
    const places = (segments: readonly SegmentedSpeech[]) =>
      segments.map(({ pcm: _, ...rest }) => rest);
    const whole = places(await run(segmenter(), pcm));
    expect(whole.length).toBeGreaterThan(5);
    for (const [index, { checkpoint }] of whole.entries()) {
      const rest = await run(segmenter(), pcm, { from: checkpoint, piece: 123_457 });
      expect(places(rest)).toEqual(whole.slice(index + 1));
    }
  });

  it('gives no segments for silence and for hum', async () => {
    expect(await run(segmenter(), new Float32Array(60 * SAMPLE_RATE_HZ))).toEqual([]);
    const hum = Float32Array.from(
      { length: 30 * SAMPLE_RATE_HZ },
      (_, i) => 0.05 * Math.sin((2 * Math.PI * 50 * i) / SAMPLE_RATE_HZ),
    );
    expect(await run(segmenter(), hum)).toEqual([]);
  });

  it('takes a tenth of a second of audio, and none at all', async () => {
    expect(await run(segmenter(), new Float32Array(0.1 * SAMPLE_RATE_HZ))).toEqual([]);
    expect(await run(segmenter(), new Float32Array(0))).toEqual([]);
  });

  it('leaves the PCM it was given untouched', async () => {
    const pcm = await speech();
    await run(segmenter(), pcm);
    expect(pcm.length).toBe(199_520);
  });

  it('stops a long push when it is cancelled, and opens again', async () => {
    const target = segmenter();
    const pcm = await speech();
    const session = await target.open(null);
    const abort = new AbortController();
    const pushed = session.push(chunk(0, repeat(pcm, 60)), abort.signal);
    abort.abort();
    await expect(pushed).rejects.toMatchObject({ code: 'ABORTED' });
    await session.close();
    expect(await run(target, pcm)).toHaveLength(2);
  });

  it('rejects when its worker is killed, and opens again', async () => {
    const workers: Worker[] = [];
    const target = segmenter({
      spawn: () => {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
        workers.push(worker);
        return worker;
      },
    });
    const pcm = await speech();
    const session = await target.open(null);
    const pushed = session.push(chunk(0, repeat(pcm, 60)));
    workers[0]?.terminate();
    workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    await expect(pushed).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    await session.close();
    expect(await run(target, pcm)).toHaveLength(2);
    expect(workers).toHaveLength(2);
  });

  it('says that a session is gone when its worker was killed between two calls', async () => {
    const workers: Worker[] = [];
    const target = segmenter({
      spawn: () => {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
        workers.push(worker);
        return worker;
      },
    });
    const session = await target.open(null);
    workers[0]?.terminate();
    workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    await expect(session.push(chunk(0, new Float32Array(10)))).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      fatal: true,
    });
    await session.close();
    expect(await run(target, await speech())).toHaveLength(2);
  });

  it('says that the network is missing', async () => {
    const missing = { ...ASSETS, modelUrl: `${location.origin}/vad/missing.onnx` };
    await expect(segmenter({ assets: missing }).open(null)).rejects.toMatchObject({
      code: 'SEGMENT_FAILED',
    });
  });

  it('refuses PCM that does not continue where it stopped', async () => {
    const session = await segmenter().open(null);
    expect(() => session.push(chunk(5, new Float32Array(10)))).toThrow('must continue at sample 0');
  });
});
