import { describe, expect, it } from 'vitest';
import { wordsByPlace, writtenTwice } from './seams';

const places = [
  { startMs: 0, endMs: 2000 },
  { startMs: 62_000, endMs: 65_000 },
];
const word = (text: string, startMs: number) => ({ text, startMs, endMs: startMs + 200 });

describe('wordsByPlace', () => {
  it('gives each recording its words, also those timed a little outside it', () => {
    const words = [word('one', 100), word('two', 2100), word('three', 61_700)];
    expect(wordsByPlace(places, words).heard).toEqual(['one two', 'three']);
  });

  it('shows which words nobody said', () => {
    expect(wordsByPlace(places, [word('Thank', 30_000), word('you.', 30_300)])).toEqual({
      heard: ['', ''],
      nowhere: ['Thank', 'you.'],
    });
  });
});

describe('writtenTwice', () => {
  const sentence = 'the boats had already come home'.split(' ');

  it('finds a sentence that a seam doubled', () => {
    expect(writtenTwice(sentence, [...sentence, 'and', ...sentence])).toEqual([
      'the boats had already come',
      'boats had already come home',
    ]);
  });

  it('takes for right what was said as often', () => {
    const said = [...sentence, ...sentence];
    expect(writtenTwice(said, said)).toEqual([]);
  });

  it('takes a misheard word for what it is', () => {
    expect(writtenTwice(sentence, ['a', ...sentence.slice(1)])).toEqual([]);
  });
});
