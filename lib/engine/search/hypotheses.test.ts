import { describe, expect, it } from 'vitest';
import { Candidates, NO_LINK } from './hypotheses';
import { LOG_ZERO, logAdd } from './log-add';

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
