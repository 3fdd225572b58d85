import { describe, expect, it } from 'vitest';
import { withAlternatives } from './alternatives';

const word = (text: string, alternatives: string[], confidence = 0.3) => ({
  text,
  startSample: 0,
  endSample: 1,
  confidence,
  alternatives,
});

describe('alternatives of a word', () => {
  it('are written as the word is: with its marks, and its capital', () => {
    const [first, second] = withAlternatives([
      word('“Their,', ['there', 'Dare']),
      word('ice.', ['eyes']),
    ]);
    expect(first?.alternatives).toEqual(['“There,', '“Dare,']);
    expect(second?.alternatives).toEqual(['eyes.']);
  });

  it('never are the word itself, or one twice', () => {
    const [only, none] = withAlternatives([
      word('Ann', ['ann', 'Ann', 'an', 'An']),
      word('an', ['an']),
    ]);
    expect(only?.alternatives).toEqual(['An']);
    expect(none).not.toHaveProperty('alternatives');
  });

  it('stand beside doubtful words alone', () => {
    const [sure] = withAlternatives([word('ice', ['eyes'], 0.5)]);
    expect(sure).not.toHaveProperty('alternatives');
  });
});
