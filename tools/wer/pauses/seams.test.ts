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
    const doubled = ['the boats had already come', 'boats had already come home'];
    expect(writtenTwice([sentence], [[...sentence, 'and', ...sentence]])).toEqual(doubled);
  });

  it('finds one that is at the end of a recording and at the beginning of the next', () => {
    const next = ['nobody', 'was', 'in', 'a', 'hurry'];
    const written = [sentence, [...sentence.slice(1), ...next], sentence];
    expect(writtenTwice([sentence, next, sentence], written)).toEqual([
      'boats had already come home',
    ]);
  });

  it('takes for right what was said as often', () => {
    const said = [[...sentence, ...sentence]];
    expect(writtenTwice(said, said)).toEqual([]);
  });

  it('takes a misheard word for what it is, also where it was said and misheard again', () => {
    const misheard = ['a', ...sentence.slice(1)];
    expect(writtenTwice([sentence], [misheard])).toEqual([]);
    expect(writtenTwice([sentence, sentence], [misheard, misheard])).toEqual([]);
  });
});
