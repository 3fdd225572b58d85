import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '@/lib/engine/families/ctc/test-model';
import { LanguageModel } from '@/lib/engine/search/language-model';
import { spokenForm, WordReader } from './spoken-form';

const said = (written: string) => spokenForm(written).join(' ');

describe('spokenForm', () => {
  it.each([
    ['1984', 'nineteen eighty four'],
    ['1905', 'nineteen oh five'],
    ['1900', 'nineteen hundred'],
    ['2005', 'two thousand five'],
    ['2024,', 'twenty twenty four'],
    ['1980s', 'nineteen eighties'],
    ['666', 'six hundred sixty six'],
    ['1,200,030', 'one million two hundred thousand thirty'],
    ['21st', 'twenty first'],
    ['12th', 'twelfth'],
    ['30th', 'thirtieth'],
    ['3.14', 'three point one four'],
    ['007', 'zero zero seven'],
    ['0', 'zero'],
    ['10:30', 'ten thirty'],
    ['4930123456789', 'four nine three zero one two three four five six seven eight nine'],
  ])('reads the number %s', (written, spoken) => {
    expect(said(written)).toBe(spoken);
  });

  it.each([
    ['$5', 'five dollars'],
    ['€2.50', 'two euros fifty'],
    ['£1,000.00', 'one thousand pounds'],
    ['99%', 'ninety nine percent'],
    ['R&D', 'R and D'],
    ['20°', 'twenty degrees'],
    ['5kg', 'five kilograms'],
    ['#1', 'number one'],
  ])('reads the symbols of %s', (written, spoken) => {
    expect(said(written)).toBe(spoken);
  });

  it.each([
    ['“Don’t!”', "Don't"],
    ['mother-in-law,', 'mother in law'],
    ['U.S.,', 'U S'],
    ['a.m.', 'A M'],
    ["'twas", 'twas'],
    ['Dr.', 'Dr'],
    ['naïve', 'naive'],
    ['Straße', 'Strasse'],
    ['Łódź', 'Lodz'],
    ['Ｗｉｄｅ', 'Wide'],
  ])('reads the letters of %s', (written, spoken) => {
    expect(said(written)).toBe(spoken);
  });

  it('reads nothing in other scripts, not even in part, and nothing in marks alone', () => {
    for (const written of ['слово', '手机', 'iPhone手机', '٣', '—', '…', '🙂', ' ', ''])
      expect(spokenForm(written)).toEqual([]);
  });

  it('makes of any text nothing but words of plain letters', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'0123456789.,$%sthx') }),
    );
    fc.assert(
      fc.property(texts, (written) => {
        for (const word of spokenForm(written)) expect(word).toMatch(/^[a-z]+(?:'[a-z]+)*$/i);
      }),
    );
  });
});

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
