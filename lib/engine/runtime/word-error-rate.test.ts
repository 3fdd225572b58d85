import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordErrorRate } from './word-error-rate';

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
