import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countErrors, errorRate, wordErrorRate } from './word-error-rate';

const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

/** Edit distance by its definition, without a table. */
function distance(a: readonly string[], b: readonly string[]): number {
  const seen = new Map<string, number>();
  const from = (i: number, j: number): number => {
    if (i === a.length) return b.length - j;
    if (j === b.length) return a.length - i;
    const key = `${i} ${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const value = Math.min(
      from(i + 1, j + 1) + (a[i] === b[j] ? 0 : 1),
      from(i + 1, j) + 1,
      from(i, j + 1) + 1,
    );
    seen.set(key, value);
    return value;
  };
  return from(0, 0);
}

describe('countErrors', () => {
  it('counts as many errors as the edit distance by its definition', () => {
    fc.assert(
      fc.property(items, items, (reference, hypothesis) => {
        const { substitutions, deletions, insertions } = countErrors(reference, hypothesis);
        expect(substitutions + deletions + insertions).toBe(distance(reference, hypothesis));
        expect(reference.length - deletions + insertions).toBe(hypothesis.length);
      }),
    );
  });

  it('counts the three kinds of error separately', () => {
    const count = (reference: string, hypothesis: string) =>
      countErrors(reference.split(' '), hypothesis.split(' '));
    expect(count('the cat sat', 'the bat sat')).toMatchObject({ substitutions: 1, deletions: 0 });
    expect(count('the cat sat', 'the sat')).toMatchObject({ substitutions: 0, deletions: 1 });
    expect(count('the cat sat', 'the big cat sat')).toMatchObject({ insertions: 1, deletions: 0 });
  });

  it('counts every word of a file that gave nothing as deleted', () => {
    expect(countErrors(['a', 'b', 'c'], [])).toEqual({
      substitutions: 0,
      deletions: 3,
      insertions: 0,
      referenceLength: 3,
    });
  });
});

describe('errorRate', () => {
  it('is 1 when something was recognised where nothing was said', () => {
    expect(errorRate(countErrors([], []))).toBe(0);
    expect(errorRate(countErrors([], ['a', 'b']))).toBe(1);
  });
});

describe('wordErrorRate', () => {
  it('counts substitutions, deletions and insertions by reference words', () => {
    expect(wordErrorRate('a b c d', 'a x c d')).toBe(0.25);
    expect(wordErrorRate('a b c d', 'a c d')).toBe(0.25);
    expect(wordErrorRate('a b c d', 'a b b c d')).toBe(0.25);
    expect(wordErrorRate('a b', '')).toBe(1);
    expect(wordErrorRate('a', 'b c')).toBe(2);
    expect(wordErrorRate('', '')).toBe(0);
    expect(wordErrorRate('', 'a')).toBe(1);
  });

  it('is 0 exactly for the same words, whatever their case', () => {
    const words = fc.array(fc.constantFrom('see', 'sea', 'saw'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const rate = wordErrorRate(a.join(' '), b.join(' ').toUpperCase());
        expect(rate === 0).toBe(a.join() === b.join());
      }),
    );
  });
});
