import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPeaks, PEAK_HOP_SAMPLES } from './peaks';

/** All peaks of PCM that comes in the given pieces. */
function peaksOf(pcm: Float32Array, cuts: number[], startSample = 0): Map<number, number> {
  const maker = createPeaks(startSample);
  const found = new Map<number, number>();
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), pcm.length];
  const pieces = bounds.slice(1).map((end, i) => maker.push(pcm.subarray(bounds[i], end)));
  for (const { firstPeak, values } of [...pieces, maker.finish()])
    values.forEach((value, i) => {
      expect(found.has(firstPeak + i)).toBe(false);
      found.set(firstPeak + i, value);
    });
  return found;
}

describe('createPeaks', () => {
  it('gives the loudest sample of each hop, rounded up to 8 bits', () => {
    const pcm = new Float32Array(2 * PEAK_HOP_SAMPLES + 10);
    pcm[3] = -0.5;
    pcm[PEAK_HOP_SAMPLES] = 0.0001;
    pcm[2 * PEAK_HOP_SAMPLES + 9] = 1.7;
    expect([...peaksOf(pcm, [])]).toEqual([
      [0, 128],
      [1, 1],
      [2, 255],
    ]);
  });

  it('does not depend on how the PCM is cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * PEAK_HOP_SAMPLES }).chain((length) =>
          fc.record({
            length: fc.constant(length),
            cuts: fc.array(fc.integer({ min: 0, max: length })),
            startSample: fc.integer({ min: 0, max: 10_000 }),
            seed: fc.integer(),
          }),
        ),
        ({ length, cuts, startSample, seed }) => {
          const pcm = Float32Array.from({ length }, (_, i) => Math.sin(seed + i * i));
          expect(peaksOf(pcm, cuts, startSample)).toEqual(peaksOf(pcm, [], startSample));
        },
      ),
    );
  });

  it('agrees with a run from the start once the larger of two values is kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (startSample) => {
        const pcm = Float32Array.from(
          { length: 4000 },
          (_, i) => Math.sin(i * 1.7) / (1 + i / 900),
        );
        const whole = peaksOf(pcm, []);
        const kept = new Map(peaksOf(pcm.subarray(0, startSample), []));
        for (const [peak, value] of peaksOf(pcm.subarray(startSample), [], startSample))
          kept.set(peak, Math.max(value, kept.get(peak) ?? 0));
        expect(kept).toEqual(whole);
      }),
    );
  });

  it('gives nothing for empty input', () => {
    expect(createPeaks().finish().values.length).toBe(0);
  });
});
