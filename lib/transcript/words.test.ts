import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributeWords, wordsOf } from './words';

describe('the words of a text without times', () => {
  it('share its time by their length, in order, and say all of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(1e6), fc.nat(60_000), (text, startMs, lengthMs) => {
        const endMs = startMs + lengthMs;
        const words = distributeWords({ text, startMs, endMs });
        expect(words.map((word) => word.text).join(' ')).toBe(text.trim().split(/\s+/).join(' '));
        let at = startMs;
        for (const word of words) {
          expect(word.startMs).toBe(at);
          expect(word.endMs).toBeGreaterThanOrEqual(at);
          at = word.endMs;
        }
        if (words.length > 0) expect(at).toBe(endMs);
      }),
    );
  });

  it('are not made up where there are some', () => {
    const words = [{ text: 'Rain.', startMs: 1, endMs: 2, confidence: 0.5 }];
    const segment = { text: 'Rain.', startMs: 0, endMs: 9 };
    expect(wordsOf(segment, words)).toBe(words);
    expect(wordsOf(segment, [])).toEqual([{ text: 'Rain.', startMs: 0, endMs: 9, confidence: 1 }]);
    expect(wordsOf({ ...segment, text: ' ' }, [])).toEqual([]);
  });
});
