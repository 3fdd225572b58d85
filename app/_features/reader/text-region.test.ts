import { describe, expect, it } from 'vitest';
import { lastStarted } from './text-region';

describe('lastStarted', () => {
  it('agrees with a plain search at every time', () => {
    const starts = [0, 400, 400, 1_200, 9_000];
    for (let ms = -1; ms < 9_100; ms += 1)
      expect(lastStarted(starts.length, (at) => starts[at] ?? 0, ms)).toBe(
        starts.findLastIndex((start) => start <= ms),
      );
    expect(lastStarted(0, () => 0, 5)).toBe(-1);
  });
});
