import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Selector } from './select';

describe('Selector', () => {
  it('chooses what a stable sort would have put first, in that order', () => {
    // few different values, so that many are equal
    const value = fc.oneof(fc.integer({ min: -30, max: 0 }), fc.double({ min: -25, max: 0 }));
    const values = fc.array(value.filter(Number.isFinite), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (ranks, keep) => {
        const selector = new Selector(keep, 300);
        const rank = Float64Array.from({ length: 300 }, (_, at) => ranks[at] ?? 1e9);
        const chosen = selector.select(rank, ranks.length, 20);
        const top = Math.max(...ranks);
        const expected = ranks
          .map((_, row) => row)
          .filter((row) => (ranks[row] ?? 0) > top - 20)
          .sort((a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0))
          .slice(0, keep);
        expect(Array.from(selector.rows.subarray(0, chosen))).toEqual(expected);
      }),
    );
  });
});
