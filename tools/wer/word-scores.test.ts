import { describe, expect, it } from 'vitest';
import { scoreAlternatives, scoreConfidence, scoreTimes } from './word-scores';

const word = (text: string, startMs: number, endMs: number) => ({ text, startMs, endMs });

describe('scoreTimes', () => {
  it('says how far the times of recognised words are from the reference, and to which side', () => {
    const reference = [word('one', 100, 200), word('two', 200, 300), word('three', 400, 500)];
    const hypothesis = [word('One', 90, 210), word('to', 0, 1), word('three.', 430, 480)];
    const scores = scoreTimes([{ reference, hypothesis }]);
    expect(scores).toEqual({
      words: 3,
      matched: 2,
      starts: { meanMs: 20, biasMs: 10, p90Ms: 30 },
      ends: { meanMs: 15, biasMs: -5, p90Ms: 20 },
    });
  });

  it('has no figures where no word was recognised', () => {
    const none = { meanMs: null, biasMs: null, p90Ms: null };
    const scores = scoreTimes([{ reference: [word('one', 0, 1)], hypothesis: [] }]);
    expect(scores).toEqual({ words: 1, matched: 0, starts: none, ends: none });
  });
});

describe('scoreConfidence', () => {
  const said = (text: string, confidence: number) => ({ text, confidence });

  it('compares confidence with correctness, bin by bin', () => {
    const { bins, calibrationError, words } = scoreConfidence([
      {
        reference: ['a', 'b', 'c', 'd'],
        hypothesis: [said('a', 0.92), said('b', 0.98), said('x', 0.2), said('d', 1)],
      },
    ]);
    expect(words).toBe(4);
    expect(bins[9]?.words).toBe(3);
    expect(bins[9]?.correct).toBe(1);
    expect(bins[2]).toEqual({ from: 0.2, to: 0.3, words: 1, confidence: 0.2, correct: 0 });
    expect(calibrationError).toBeCloseTo((0.08 + 0.02 + 0.2) / 4);
  });

  it('says how well right words are distinguished from wrong ones', () => {
    const scored = (...hypothesis: ReturnType<typeof said>[]) =>
      scoreConfidence([{ reference: ['a', 'b'], hypothesis }]).separation;
    expect(scored(said('a', 0.9), said('x', 0.1))).toBe(1);
    expect(scored(said('a', 0.1), said('x', 0.9))).toBe(0);
    expect(scored(said('a', 0.5), said('x', 0.5))).toBe(0.5);
    expect(scored(said('a', 0.5), said('b', 0.5))).toBeNull();
  });
});

it('counts the doubtful words that are wrong, and those that an alternative mends', () => {
  const word = (text: string, confidence: number, alternatives?: string[]) => ({
    text,
    confidence,
    alternatives,
  });
  expect(
    scoreAlternatives([
      {
        reference: ['They', 'sold', 'their', 'ice', 'cream.'],
        hypothesis: [
          word('They', 0.2, ['Day']),
          word('told', 0.3, ['toll', 'sold']),
          word('there', 0.9, ['their']),
          word('eyes', 0.1, ['ears']),
          word('scream.', 0.4),
        ],
      },
    ]),
  ).toEqual({ doubtful: 4, wrong: 3, offered: 2, mended: 1 });
});
