import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryBound } from './entry-bound';

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
