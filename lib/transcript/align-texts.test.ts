import { diffArrays } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignTexts } from './align-texts';

/** Words of a text: as in speech, some of them come again and again. */
const word = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('the', 'of', 'and', 'to', 'a') },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 2_000 }).map((number) => `w${number}`) },
);
const longText = fc.array(word, { minLength: 800, maxLength: 1_600, size: 'max' });

/** How many words of two texts correspond. */
const sameWords = (runs: ReturnType<typeof alignTexts>) =>
  runs.reduce((sum, { isSame, oldFrom, oldTo }) => sum + (isSame ? oldTo - oldFrom : 0), 0);

function expectWhole(before: string[], after: string[]): void {
  const runs = alignTexts(before, after);
  let [oldAt, newAt] = [0, 0];
  for (const { oldFrom, oldTo, newFrom, newTo, isSame } of runs) {
    expect([oldFrom, newFrom]).toEqual([oldAt, newAt]);
    if (isSame) expect(before.slice(oldFrom, oldTo)).toEqual(after.slice(newFrom, newTo));
    expect(oldTo - oldFrom + newTo - newFrom).toBeGreaterThan(0);
    [oldAt, newAt] = [oldTo, newTo];
  }
  expect([oldAt, newAt]).toEqual([before.length, after.length]);
  runs.slice(1).forEach(({ isSame }, at) => {
    expect(isSame).not.toBe(runs[at]?.isSame);
  });
}

describe('two texts', () => {
  it('are covered by turns by the same and by different words, however long they are', () => {
    const short = fc.array(word, { maxLength: 40 });
    fc.assert(fc.property(short, short, expectWhole));
    fc.assert(fc.property(longText, longText, expectWhole), { numRuns: 20 });
  });

  it('correspond as in the shortest edit script where they are short', () => {
    const text = fc.array(word, { maxLength: 200 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const shortest = diffArrays(before, after);
        expect(sameWords(alignTexts(before, after))).toBe(
          shortest.reduce(
            (sum, { count, added, removed }) => sum + (added || removed ? 0 : count),
            0,
          ),
        );
      }),
    );
  });

  it('keep every word that a correction of a long one has not touched', () => {
    const corrections = fc.array(
      fc.tuple(fc.nat(1_000), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(longText, corrections, (before, changes) => {
        const after: string[] = [];
        let at = 0;
        let kept = 0;
        changes.forEach(([gap, removed, added], number) => {
          const next = before.slice(at, at + (gap % 60));
          kept += next.length;
          at += next.length + removed;
          after.push(...next, ...Array.from({ length: added }, (_, one) => `new${number}.${one}`));
        });
        const rest = before.slice(at);
        after.push(...rest);
        expect(sameWords(alignTexts(before, after))).toBeGreaterThanOrEqual(kept + rest.length);
      }),
      { numRuns: 50 },
    );
  });

  it('of a hundred thousand words correspond but for what was changed', () => {
    const before = Array.from({ length: 100_000 }, (_, at) => `w${(at * at) % 60_013}`);
    const insertEvery = (words: number) =>
      before.flatMap((text, at) => (at % words === 0 ? ['new', text] : [text]));
    // few words, which the shortest edit script finds, and many
    for (const words of [997, 37])
      expect(sameWords(alignTexts(before, insertEvery(words)))).toBe(before.length);
  });

  it('have nothing in common where they have no word in common', () => {
    const [before, after] = ['a', 'b'].map((letter) =>
      Array.from({ length: 50_000 }, (_, at) => `${letter}${at % 999}`),
    );
    expect(alignTexts(before ?? [], after ?? [])).toEqual([
      { oldFrom: 0, oldTo: 50_000, newFrom: 0, newTo: 50_000, isSame: false },
    ]);
  });
});
