import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWavPcm } from '@/lib/engine/audio/wav-layout';
import type { CachedDecoder } from '@/lib/engine/families/seq2seq/decoder';
import { openDecoder } from '@/lib/engine/families/seq2seq/open';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { generate } from '@/tools/random-models/presets';
import { MoonshineEncoder } from './encoder';
import { type MoonshineConfig, parseMoonshineConfig, tokenLimit } from './engine';
import { type MoonshineReference, openMoonshineReference } from './test-reference';

/*
 * Held to transformers.js 4.3.1, live: the same model, the same recordings, the same token ids.
 */

const speech = await readWave('e2e/fixtures/audio/speech.wav');
const clip = await readWave('public/models/ai2text-en/known-clip.wav');
const siren = Float32Array.from(
  { length: 5 * 16_000 },
  (_, at) => 0.3 * Math.sin(at * (0.03 + 0.01 * Math.sin(at / 3000))),
);

function readWave(path: string): Promise<Float32Array> {
  return readWavPcm(new Blob([readFileSync(path)]));
}

function repeated(pcm: Float32Array, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, at) => pcm[at % pcm.length] ?? 0);
}

describe('moonshine-random', () => {
  let reference: MoonshineReference;
  let encoder: MoonshineEncoder;
  let decoder: CachedDecoder;
  let config: MoonshineConfig;

  beforeAll(async () => {
    const files = generate('moonshine-random');
    const bytes = (path: string) => files.get(path) ?? new Uint8Array(0);
    reference = await openMoonshineReference(files);
    config = parseMoonshineConfig(new TextDecoder().decode(bytes('config.json')));
    const session = await nodeRuntime.open(bytes('onnx/encoder_model.onnx'));
    encoder = new MoonshineEncoder(nodeRuntime, session);
    decoder = await openDecoder(nodeRuntime, bytes('onnx/decoder_model_merged.onnx'));
  }, 60_000);

  async function tokensOf(recordings: readonly Float32Array[]): Promise<number[][]> {
    const batch = decoder.begin(await encoder.encode(recordings));
    const rows = await batch.generate({
      prompts: recordings.map(() => [config.startId]),
      endId: config.endId,
      maxTokens: tokenLimit(recordings[0]?.length ?? 0, 'en'),
      limits: { suppressed: [], timestamps: null },
      suppressedFirst: [],
      temperature: 0,
      random: () => 0,
      signal: new AbortController().signal,
    });
    batch.dispose();
    return rows.map(({ tokens, ended }) => [
      config.startId,
      ...tokens,
      ...(ended ? [config.endId] : []),
    ]);
  }

  it.each([
    ['speech', speech],
    ['speech of half a minute', repeated(speech, 480_000)],
    ['a short piece of speech', speech.subarray(20_000, 33_000)],
    ['a sentence', clip],
    ['a sound that is not speech', siren],
    ['silence', new Float32Array(48_000)],
  ])('chooses the tokens of transformers.js for %s', async (_, pcm) => {
    const expected = await reference.tokens(pcm, tokenLimit(pcm.length, 'en'));
    expect(await tokensOf([pcm])).toEqual([expected]);
    expect(expected.length).toBeGreaterThan(3);
  });

  it('chooses the same tokens for recordings that run together', async () => {
    const recordings = [0, 1, 2].map((at) => speech.subarray(at * 15_000, at * 15_000 + 60_000));
    const expected: number[][] = [];
    for (const pcm of recordings)
      expected.push(await reference.tokens(pcm, tokenLimit(pcm.length, 'en')));
    expect(await tokensOf(recordings)).toEqual(expected);
    expect(new Set(expected.map((tokens) => tokens.join())).size).toBeGreaterThan(1);
  });
});
