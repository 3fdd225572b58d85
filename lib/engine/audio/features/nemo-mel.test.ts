// Golden numbers: python3 lib/engine/audio/features/fixtures/reference-mel.py > lib/engine/audio/features/fixtures/golden-mel.json
import { ParakeetFeatureExtractor } from '@huggingface/transformers';
import { JsPreprocessor } from 'parakeet.js/mel';
import { describe, expect, it } from 'vitest';
import { NemoMel } from './nemo-mel';
import { click, goldenMel, greatestDifference, longSpeech, noise, speech } from './test-signals';

const TOLERANCE = 1e-4;

const SIGNALS: [name: string, pcm: Float32Array][] = [
  ['speech', speech()],
  ['noise', noise(33_333)],
  ['silence', new Float32Array(16_000)],
  ['a click at the very end', click(480_000)],
  ['30 s of speech', longSpeech(480_000)],
  ['0.1 s', noise(1600)],
  ['two frames', noise(330)],
  ['one frame', noise(160)],
];

/** transformers.js' features without its last, masked frame, as [bands, frames]. */
async function transformers(bands: number, pcm: Float32Array): Promise<Float32Array> {
  const extractor = new ParakeetFeatureExtractor({
    feature_size: bands,
    sampling_rate: 16_000,
    n_fft: 512,
    win_length: 400,
    hop_length: 160,
    preemphasis: 0.97,
  });
  const { input_features } = await extractor._call(pcm);
  const data = input_features.data as Float32Array;
  const frames = Math.floor(pcm.length / 160);
  return Float32Array.from(
    { length: bands * frames },
    (_, at) => data[(at % frames) * bands + Math.floor(at / frames)] ?? 0,
  );
}

describe.each([80, 128] as const)('NemoMel with %i bands', (bands) => {
  const mel = new NemoMel(bands);

  it.each(SIGNALS)('makes the features of parakeet.js: %s', (_, pcm) => {
    const { features, frames } = mel.compute(pcm);
    const peer = new JsPreprocessor({ nMels: bands }).process(pcm);
    expect(frames).toBe(peer.length);
    expect(greatestDifference(features, peer.features)).toBeLessThan(TOLERANCE);
  });

  it.each(SIGNALS)('makes the features of transformers.js: %s', async (_, pcm) => {
    const { features } = mel.compute(pcm);
    expect(greatestDifference(features, await transformers(bands, pcm))).toBeLessThan(TOLERANCE);
  });

  it.each(goldenMel('nemo').filter((golden) => golden.bands === bands))(
    'makes the golden numbers: $signal',
    ({ pcm, frames, values }) => {
      const made = mel.compute(pcm);
      expect(made.frames).toBe(frames);
      for (const [band, frame, value] of values)
        expect(Math.abs((made.features[band * frames + frame] ?? 0) - value)).toBeLessThan(
          TOLERANCE,
        );
    },
  );

  it('has no frames for less than one hop', () => {
    expect(mel.compute(new Float32Array(159))).toEqual({
      features: new Float32Array(0),
      frames: 0,
    });
  });
});
