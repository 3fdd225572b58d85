import { describe, expect, it } from 'vitest';
import { encodeModel } from '@/lib/engine/families/ctc/test-model';
import { LanguageModel } from '@/lib/engine/search/language-model';
import { WordReader } from './word-reader';

const reader = new WordReader(
  new LanguageModel(
    encodeModel({
      words: [
        ['a', [7], [8, 9]], // the article, then the letter
        ['b', [10, 1]],
        ['c', [11, 1]],
        ['ab', [7, 10]],
        ['five', [20]],
        ['dollars', [21, 22], [21, 23]],
        ["it's", [30]],
        ['Anna', [2, 3, 2]],
      ],
      unigrams: Array.from({ length: 11 }, () => 16),
    }).buffer,
  ),
);

describe('WordReader', () => {
  it('says listed words as the list does, whatever their case and punctuation', async () => {
    expect(await reader.read('“ANNA,”')).toEqual([[2, 3, 2]]);
    expect(await reader.read('It’s')).toEqual([[30]]);
  });

  it('says what symbols and figures stand for, in every way there is', async () => {
    expect(await reader.read('$5')).toEqual([
      [20, 21, 22],
      [20, 21, 23],
    ]);
  });

  it('says a capital alone as a letter first, else as a word', async () => {
    expect(await reader.read('a')).toEqual([[7], [8, 9]]);
    expect(await reader.read('A')).toEqual([[8, 9], [7]]);
    expect(await reader.read('a.b.')).toEqual([
      [8, 9, 10, 1],
      [7, 10, 1],
    ]);
  });

  it('spells abbreviations, and words in capitals when that may be meant', async () => {
    expect(await reader.read('bc')).toEqual([[10, 1, 11, 1]]);
    expect(await reader.read('AB')).toEqual([
      [7, 10],
      [8, 9, 10, 1],
    ]);
    expect(await reader.read('ab')).toEqual([[7, 10]]);
  });

  it('reads nothing in other scripts', async () => {
    expect(await reader.read('слово')).toEqual([]);
    expect(await reader.read('—')).toEqual([]);
  });

  it('reads new words by the spelling of the listed ones', async () => {
    const words: [string, ...number[][]][] = ['ban', 'nab', 'bab', 'nan', 'ana', 'abba'].map(
      (word) => [word, Array.from(word.replace('bb', 'b'), (letter) => ' abn'.indexOf(letter))],
    );
    const taught = new WordReader(new LanguageModel(encodeModel({ words }).buffer));
    expect((await taught.read('Bánana!'))[0]).toEqual([2, 1, 3, 1, 3, 1]);
  });
});
