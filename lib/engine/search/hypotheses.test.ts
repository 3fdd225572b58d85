import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidates, LOG_ZERO, logAdd, NO_LINK } from './hypotheses';

describe('Candidates', () => {
  const put = (all: Candidates, node: number, context: number, spoken: number, extra: number) =>
    all.put(node, context, -1, LOG_ZERO, spoken, extra, 1, node, NO_LINK, 0, 0);

  it('finds what is already there, however many there are and whatever was there before', () => {
    const all = new Candidates(5000);
    for (const round of [1, 2]) {
      all.clear();
      for (let twice = 0; twice < 2; twice++)
        for (let at = 0; at < 5000; at++) put(all, at % 1000, (at << 16) | at, -round, 0);
      expect(all.count).toBe(5000);
      expect(new Set(all.spoken.subarray(0, 5000))).toEqual(new Set([logAdd(-round, -round)]));
    }
  });

  it('adds up the paths that meet, on the scale of the better one, whose past it keeps', () => {
    const all = new Candidates(10);
    all.put(7, 5, -1, LOG_ZERO, -3, -1, 1, 11, NO_LINK, 0, 0);
    all.put(7, 5, -1, -2, LOG_ZERO, -1, 2, 12, NO_LINK, 0, 0);
    all.put(7, 5, -1, LOG_ZERO, -9, -0.5, 3, 13, NO_LINK, 0, 0);
    expect(all.count).toBe(1);
    expect([all.extra[0], all.history[0], all.lastUnit[0]]).toEqual([-1, 12, 2]);
    expect(all.blank[0]).toBe(-2);
    expect(all.spoken[0]).toBe(logAdd(-3, -8.5));
  });
});

describe('logAdd', () => {
  it('adds probabilities', () => {
    const score = fc.double({ min: -500, max: 0, noNaN: true });
    fc.assert(
      fc.property(score, fc.double({ min: -40, max: 40, noNaN: true }), (a, shift) => {
        const b = a + shift;
        const exact = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(shift)));
        expect(Math.abs(logAdd(a, b) - exact)).toBeLessThan(2e-6);
        expect(logAdd(a, b)).toBe(logAdd(b, a));
        expect(logAdd(a, b)).toBeGreaterThanOrEqual(Math.max(a, b));
      }),
    );
  });

  it('leaves a score alone to which nothing is added', () => {
    expect(logAdd(-3.25, LOG_ZERO)).toBe(-3.25);
    expect(logAdd(LOG_ZERO, -3.25)).toBe(-3.25);
    expect(logAdd(LOG_ZERO, LOG_ZERO)).toBe(LOG_ZERO);
  });
});
