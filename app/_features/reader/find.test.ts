import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core/text';
import {
  findMatches,
  matchesByRow,
  matchFrom,
  replaceMatches,
  stepMatch,
  wordsOfMatch,
} from './find';

const texts = ['The cat sat', 'on the mat', 'Scatter the cats'];

describe('finding in a transcript', () => {
  it('finds every place in order, letters of any case', () => {
    expect(findMatches(texts, ' CAT ')).toEqual([
      { row: 0, from: 4, to: 7 },
      { row: 2, from: 1, to: 4 },
      { row: 2, from: 12, to: 15 },
    ]);
    expect(findMatches(texts, '')).toEqual([]);
    expect(findMatches(['aaaa'], 'aa')).toHaveLength(2);
  });

  it('looks at case and at whole words when it is asked to', () => {
    const found = (query: string, matchCase: boolean, wholeWord: boolean) =>
      findMatches(texts, query, { matchCase, wholeWord }).map(({ row }) => row);
    expect(found('Cat', true, false)).toEqual([]);
    expect(found('Scat', true, false)).toEqual([2]);
    expect(found('cat', false, true)).toEqual([0]);
    expect(found('the', false, true)).toEqual([0, 1, 2]);
  });

  it('takes signs of search patterns as they are', () => {
    for (const query of ['(', '[a-z]+', '$&', '\\w', '.*', '^a|b$'])
      expect(findMatches(['no sign', `a ${query} b`], query)).toEqual([
        { row: 1, from: 2, to: 2 + query.length },
      ]);
    const [match] = findMatches(['a (b)'], '(b)');
    expect(replaceMatches('a (b)', match ? [match] : [], '$& $1')).toBe('a $& $1');
  });

  it('finds places behind letters that are longer when they are small', () => {
    const text = 'İzmir, İstanbul and Ankara';
    const matches = findMatches([text], 'ANKARA');
    expect(replaceMatches(text, matches, 'Bursa')).toBe('İzmir, İstanbul and Bursa');
  });

  it('replaces matches in a text', () => {
    const text = 'the dust and the dust';
    const matches = findMatches([text], 'dust');
    expect(replaceMatches(text, matches, 'coast')).toBe('the coast and the coast');
    expect(replaceMatches(text, matches.slice(1), '')).toBe('the dust and the ');
  });

  it('names the words a match touches, also when it spans some', () => {
    const words = ['The', 'cat', 'sat'];
    expect(wordsOfMatch(words, { row: 0, from: 4, to: 7 })).toEqual([1]);
    expect(wordsOfMatch(words, { row: 0, from: 2, to: 5 })).toEqual([0, 1]);
    expect(wordsOfMatch(words, { row: 0, from: 3, to: 4 })).toEqual([]);
  });

  it('names the words of text without spaces, as it is joined', () => {
    const word = fc.constantFrom('世界', 'こんにちは。', 'iPhone', 'สวัสดี', 'ok,', '안녕', '3');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(), (words, pick) => {
        const at = pick % words.length;
        const from = joinWords(words.slice(0, at + 1)).length - (words[at] ?? '').length;
        const match = { row: 0, from, to: from + (words[at] ?? '').length };
        expect(wordsOfMatch(words, match)).toEqual([at]);
        expect(joinWords(words).slice(match.from, match.to)).toBe(words[at]);
      }),
    );
  });

  it('sorts matches by row', () => {
    const rows = matchesByRow(findMatches(texts, 'cat'));
    expect([...rows].map(([row, found]) => [row, found.length])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  it('steps round the ends', () => {
    expect(stepMatch(2, 1, 3)).toBe(0);
    expect(stepMatch(0, -1, 3)).toBe(2);
    expect(stepMatch(0, 1, 0)).toBe(-1);
  });

  it('begins at the place one is reading', () => {
    const matches = findMatches(texts, 'cat');
    expect(matchFrom(matches, 1)).toBe(1);
    expect(matchFrom(matches, 3)).toBe(0);
    expect(matchFrom([], 0)).toBe(-1);
  });
});
