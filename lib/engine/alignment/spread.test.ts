import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributeWords } from './spread';

describe('distributeWords', () => {
  it('gives words time in proportion to their letters', () => {
    expect(distributeWords(['a', 'bcd,', '—'], 1000, 1053)).toEqual([
      { startSample: 1000, endSample: 1011 },
      { startSample: 1011, endSample: 1042 },
      { startSample: 1042, endSample: 1053 },
    ]);
  });

  it('fills the span with words in order, a sample each at least', () => {
    const words = fc.array(fc.string({ maxLength: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.nat(1000), fc.nat(5000), (all, start, length) => {
        const times = distributeWords(all, start, start + length);
        expect(times).toHaveLength(all.length);
        let free = start;
        for (const { startSample, endSample } of times) {
          expect(startSample).toBe(free);
          expect(Number.isInteger(endSample)).toBe(true);
          expect(endSample).toBeGreaterThan(startSample);
          free = endSample;
        }
        if (all.length > 0) expect(free).toBe(start + Math.max(length, all.length));
      }),
    );
  });
});
