import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeTyped } from './word-timer';

const words = (...times: [string, number, number][]) =>
  times.map(([text, startMs, endMs]) => ({ text, startMs, endMs, confidence: 1 }));

it('takes the times of typed words from the sound, and leaves the others', () => {
  const row = {
    startMs: 0,
    endMs: 2000,
    words: words(['a', 0, 300], ['b', 300, 600], ['c', 1500, 1900]),
  };
  const heard = [
    { startMs: 10, endMs: 200 },
    { startMs: 700, endMs: 1200, agreement: 0.6 },
    { startMs: 1300, endMs: 1800 },
  ];
  expect(
    placeTyped(row, new Set([300]), heard).map(({ startMs, endMs }) => [startMs, endMs]),
  ).toEqual([
    [0, 300],
    [700, 1200],
    [1500, 1900],
  ]);
});

it('leaves a typed word where it was when the sound does not agree', () => {
  const row = { startMs: 0, endMs: 2000, words: words(['a', 0, 300], ['b', 300, 600]) };
  const heard = [
    { startMs: 0, endMs: 300 },
    { startMs: 1000, endMs: 1500, agreement: 0.001 },
  ];
  expect(placeTyped(row, new Set([300]), heard)).toEqual(row.words);
});

it('keeps words in order and inside their row, whatever the aligner found', () => {
  const time = fc.integer({ min: -500, max: 3000 });
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          lengthMs: fc.integer({ min: 1, max: 300 }),
          isTyped: fc.boolean(),
          from: time,
          to: time,
        }),
        { minLength: 1, maxLength: 10 },
      ),
      (made) => {
        let atMs = 0;
        const own = made.map(({ lengthMs }, at) => {
          atMs += lengthMs;
          return { text: `w${at}`, startMs: atMs - lengthMs, endMs: atMs, confidence: 1 };
        });
        const typed = new Set(
          own.filter((_, at) => made[at]?.isTyped).map(({ startMs }) => startMs),
        );
        const heard = made.map(({ from, to }) => ({
          startMs: Math.min(from, to),
          endMs: Math.max(from, to) + 1,
        }));
        const placed = placeTyped({ startMs: 0, endMs: atMs, words: own }, typed, heard);
        let lastMs = 0;
        placed.forEach((word, at) => {
          expect(word.startMs).toBeGreaterThanOrEqual(lastMs);
          expect(word.endMs).toBeGreaterThan(word.startMs);
          lastMs = word.endMs;
          const before = own[at];
          if (before && !typed.has(before.startMs)) expect(word).toEqual(before);
        });
        expect(lastMs).toBeLessThanOrEqual(atMs);
      },
    ),
  );
});
