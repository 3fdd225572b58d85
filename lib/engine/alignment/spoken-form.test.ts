import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spokenForm } from './spoken-form';

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
