import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatches } from './plan-batches';

const limits = { rows: 4, paddedSamples: 1000, shortest: 0.8 };

describe('planBatches', () => {
  it('puts like lengths together, longest first', () => {
    expect(planBatches([100, 240, 95, 250, 90], limits)).toEqual([
      [3, 1],
      [0, 2, 4],
    ]);
  });

  it('runs a recording that is over the limit alone', () => {
    expect(planBatches([1500, 1400], limits)).toEqual([[0], [1]]);
  });

  it('takes each recording once and keeps to every limit', () => {
    const lengths = fc.array(fc.nat({ max: 1200 }), { maxLength: 40 });
    fc.assert(
      fc.property(lengths, (all) => {
        const batches = planBatches(all, limits);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(all.map((_, index) => index));
        for (const batch of batches) {
          const rows = batch.map((index) => all[index] ?? 0);
          const longest = Math.max(...rows);
          expect(batch.length).toBeLessThanOrEqual(limits.rows);
          if (batch.length > 1)
            expect(longest * batch.length).toBeLessThanOrEqual(limits.paddedSamples);
          expect(Math.min(...rows)).toBeGreaterThanOrEqual(limits.shortest * longest);
        }
      }),
    );
  });
});
