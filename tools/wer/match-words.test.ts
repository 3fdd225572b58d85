import { describe, expect, it } from 'vitest';
import { matchWords } from './match-words';

const matched = (reference: string, hypothesis: string) =>
  matchWords(reference.split(' '), hypothesis.split(' '));

describe('matchWords', () => {
  it('pairs the words that are the same, whatever their case and punctuation', () => {
    expect(matched('he stopped and philip nodded', 'He stopped. Philip noted')).toEqual({
      correct: [true, true, true, false],
      pairs: [
        { reference: 0, hypothesis: 0 },
        { reference: 1, hypothesis: 1 },
        { reference: 3, hypothesis: 2 },
      ],
    });
  });

  it('calls words wrong that nobody said', () => {
    expect(matched('one two', 'one and two').correct).toEqual([true, false, true]);
    expect(matchWords([], ['hello'])).toEqual({ correct: [false], pairs: [] });
    expect(matchWords(['hello'], [])).toEqual({ correct: [], pairs: [] });
  });

  it('pairs contractions with themselves, and with nothing that is written in two words', () => {
    expect(matched("it's not", 'It’s not')).toEqual({
      correct: [true, true],
      pairs: [
        { reference: 0, hypothesis: 0 },
        { reference: 1, hypothesis: 1 },
      ],
    });
    expect(matched('i can not go', 'I cannot go')).toEqual({
      correct: [true, true, true],
      pairs: [
        { reference: 0, hypothesis: 0 },
        { reference: 3, hypothesis: 2 },
      ],
    });
  });

  it('pairs no word with one that it is only a part of', () => {
    expect(matched('i cannot go', 'I can go')).toEqual({
      correct: [true, true, true],
      pairs: [
        { reference: 0, hypothesis: 0 },
        { reference: 2, hypothesis: 2 },
      ],
    });
  });

  it('calls what is not a word right, and pairs it with nothing', () => {
    expect(matched('yes no', 'yes — no').correct).toEqual([true, true, true]);
    expect(matched('yes no', 'yes — no').pairs).toHaveLength(2);
  });
});
