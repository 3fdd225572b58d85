import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryBound, Selector } from './pruning';

describe('EntryBound', () => {
  it('admits whatever may still be among the best, and is close to the last of them', () => {
    const scores = fc.array(fc.double({ min: -30, max: 2, noNaN: true }), { maxLength: 200 });
    const bound = new EntryBound(20, 0);
    fc.assert(
      fc.property(scores, (all) => {
        bound.begin(0);
        for (const score of all) bound.count(score);
        const last = [...all].sort((a, b) => b - a)[19] ?? Number.NEGATIVE_INFINITY;
        expect(bound.floor).toBeLessThanOrEqual(last);
        // scores above the top are as good as the top
        expect(bound.floor).toBeGreaterThanOrEqual(Math.min(last, 0) - 0.125);
      }),
    );
  });

  it('leaves a margin, and admits everything while there is room', () => {
    const bound = new EntryBound(2, 3);
    bound.begin(-10);
    bound.count(-11);
    expect(bound.floor).toBe(Number.NEGATIVE_INFINITY);
    bound.count(-12);
    expect(bound.floor).toBe(-12.125 - 3);
    bound.begin(-20);
    expect(bound.floor).toBe(Number.NEGATIVE_INFINITY);
  });

  it('takes scores that are far below all others', () => {
    const bound = new EntryBound(1, 0);
    bound.begin(0);
    bound.count(-1e30);
    bound.count(-32);
    expect(bound.floor).toBe(Number.NEGATIVE_INFINITY);
    bound.count(-31.9);
    expect(bound.floor).toBe(-32);
  });
});

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
