// Golden numbers: python3 lib/engine/audio/features/fixtures/reference-fbank.py > lib/engine/audio/features/fixtures/golden-fbank.json
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KaldiFbank } from './kaldi-fbank';
import { noise, speech } from './test-signals';

/** Kaldi computes in 32-bit floats. */
const TOLERANCE = 1e-3;

interface GoldenFbank {
  signal: 'speech' | 'noise';
  window: 'povey' | 'hamming';
  scale: number;
  frames: number;
  values: [frame: number, band: number, value: number][];
}

const golden = JSON.parse(
  readFileSync('lib/engine/audio/features/fixtures/golden-fbank.json', 'utf8'),
) as GoldenFbank[];
const signals = { speech: speech(), noise: noise(16_037) };

describe('KaldiFbank', () => {
  it.each(golden)('makes Kaldi’s numbers: $signal, $window, times $scale', (one) => {
    const { window, scale } = one;
    const { features, frames } = new KaldiFbank({ bands: 80, window, scale }).compute(
      signals[one.signal],
    );
    expect(frames).toBe(one.frames);
    for (const [frame, band, value] of one.values)
      expect(Math.abs((features[frame * 80 + band] ?? 0) - value)).toBeLessThan(TOLERANCE);
  });

  it('has frames only where they lie whole inside the signal', () => {
    const fbank = new KaldiFbank({ bands: 80, window: 'povey', scale: 1 });
    expect([399, 400, 559, 560].map((samples) => fbank.framesOf(samples))).toEqual([0, 1, 1, 2]);
    expect(fbank.compute(new Float32Array(399)).features.length).toBe(0);
  });
});
