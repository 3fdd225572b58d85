import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countErrors, errorRate } from '../../lib/engine/runtime/word-error-rate';
import { normaliseEnglish } from './english/normalise';
import { scoreTexts, sumCounts } from './score';

describe('scoreTexts', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('one', 'Two', '21', "can't", 'colour', ',', 'Mr.', '$5', 'uh'))
      .map((words) => words.join(' ')),
  );

  it('gives a word error rate of 0 exactly when the normalised texts match', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const same = normaliseEnglish(a) === normaliseEnglish(b);
        expect(errorRate(scoreTexts(a, b).words) === 0).toBe(same);
        expect(errorRate(scoreTexts(a, a).words)).toBe(0);
        expect(errorRate(scoreTexts(a, a).characters)).toBe(0);
      }),
    );
  });

  it('scores words and characters of the normalised texts', () => {
    const { words, characters } = scoreTexts('THE CAT SAT', 'The bat sat.');
    expect(errorRate(words)).toBeCloseTo(1 / 3);
    expect(errorRate(characters)).toBeCloseTo(1 / 11);
  });
});

describe('sumCounts', () => {
  it('weighs utterances by their length', () => {
    const sum = sumCounts([
      countErrors(['a'], ['b']),
      countErrors(['a', 'b', 'c'], ['a', 'b', 'c']),
    ]);
    expect(errorRate(sum)).toBe(0.25);
  });
});
