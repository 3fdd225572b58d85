// Golden numbers: python3 lib/engine/audio/features/fixtures/reference-mel.py > lib/engine/audio/features/fixtures/golden-mel.json
import { WhisperFeatureExtractor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { click, goldenMel, greatestDifference, longSpeech, noise, speech } from './test-signals';
import { WHISPER_FRAMES, WHISPER_WINDOW_SAMPLES, WhisperMel } from './whisper-mel';

const TOLERANCE = 1e-4;

const SIGNALS: [name: string, pcm: Float32Array][] = [
  ['speech', speech()],
  ['noise', noise(33_333)],
  ['silence', new Float32Array(16_000)],
  ['a click at the very end of 30 s', click(WHISPER_WINDOW_SAMPLES)],
  ['a click at the end of 2 s', click(32_000)],
  ['30 s of speech', longSpeech(WHISPER_WINDOW_SAMPLES)],
  ['one sample less than 30 s', noise(WHISPER_WINDOW_SAMPLES - 1)],
  ['0.1 s', noise(1600)],
  ['one sample', click(1)],
];

/** transformers.js' features, with the settings of the published repositories. */
async function peer(bands: number, pcm: Float32Array): Promise<Float32Array> {
  const extractor = new WhisperFeatureExtractor({
    feature_size: bands,
    sampling_rate: 16_000,
    n_fft: 400,
    hop_length: 160,
    n_samples: WHISPER_WINDOW_SAMPLES,
    nb_max_frames: WHISPER_FRAMES,
  });
  const { input_features } = await extractor._call(pcm);
  return input_features.data as Float32Array;
}

describe.each([80, 128] as const)('WhisperMel with %i bands', (bands) => {
  const mel = new WhisperMel(bands);
  const out = new Float32Array(bands * WHISPER_FRAMES);

  it.each(SIGNALS)('makes the features of transformers.js: %s', async (_, pcm) => {
    out.fill(Number.NaN);
    mel.compute(pcm, out);
    expect(greatestDifference(out, await peer(bands, pcm))).toBeLessThan(TOLERANCE);
  });

  it.each(goldenMel('whisper').filter((golden) => golden.bands === bands))(
    'makes the golden numbers: $signal',
    ({ pcm, frames, values }) => {
      mel.compute(pcm, out);
      expect(frames).toBe(WHISPER_FRAMES);
      for (const [band, frame, value] of values)
        expect(Math.abs((out[band * frames + frame] ?? 0) - value)).toBeLessThan(TOLERANCE);
    },
  );

  it('does not depend on whether the zeros behind the speech are given', () => {
    const padded = new Float32Array(WHISPER_WINDOW_SAMPLES);
    padded.set(speech());
    mel.compute(padded, out);
    const given = out.slice();
    mel.compute(speech(), out);
    expect(greatestDifference(out, given)).toBe(0);
  });

  it('gives the first frames of a window when there is room for no more', () => {
    mel.compute(speech(), out);
    const frames = Math.ceil(speech().length / 160) + 7;
    const short = new Float32Array(bands * frames);
    mel.compute(speech(), short);
    for (let band = 0; band < bands; band++)
      expect(short.subarray(band * frames, (band + 1) * frames)).toEqual(
        out.subarray(band * WHISPER_FRAMES, band * WHISPER_FRAMES + frames),
      );
  });

  it('refuses more than 30 s, which nobody would see missing', () => {
    expect(() => mel.compute(new Float32Array(WHISPER_WINDOW_SAMPLES + 1), out)).toThrow(/30 s/);
  });
});
