import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEnglish } from './normalise';

describe('normaliseEnglish', () => {
  it.each([
    ['Hello, World!', 'hello world'],
    ['  “Quoted” — and dashed… text ', 'quoted and dashed text'],
    ['a well-known café', 'a well known cafe'],
    ['uh I um think so [laughs] (door closes) <noise>', 'i think so'],
    ["I won't, can't and don't", 'i will not can not and do not'],
    ["it’s John's; he'd been where she'd go", 'it is john is he had been where she would go'],
    ["they're we've I'm you'll let's", 'they are we have i am you will let us'],
    ["she's got what he 's gone for", 'she has got what he has gone for'],
    ['gonna wanna gotta', 'going to want to got to'],
    ['Mr. and Mrs. Smith met Dr. Jones', 'mister and missus smith met doctor jones'],
    ['', ''],
    ['...', ''],
  ])('writes %j as %j', (text, wanted) => {
    expect(normaliseEnglish(text)).toBe(wanted);
  });

  it.each([
    ['twenty one', '21'],
    ['twenty-one', '21'],
    ['one hundred and five people', '105 people'],
    ['a hundred', 'a 100'],
    ['two thousand three hundred and forty six', '2346'],
    ['three million two hundred thousand', '3200000'],
    ['nineteen ninety nine', '1999'],
    ['nineteen oh five', '1905'],
    ['twenty twenty', '2020'],
    ['two eight nine one', '2891'],
    ['double five six', '556'],
    ['three point one four', '3.14'],
    ['two and a half years', '2.5 years'],
    ['2.5 million', '2500000'],
    ['20 million', '20000000'],
    ['1,234,567', '1234567'],
    ['five and six', '5 and 6'],
    ['one of them', 'one of them'],
    ['the first, the second and the twenty third', 'the 1st the 2nd and the 23rd'],
    ['the fifth twelfth twentieth hundredth', 'the 5th 12th 20th 100th'],
    ['in the nineteen twenties', 'in the 1920s'],
    ['five dollars', '$5'],
    ['twenty pounds', '£20'],
    ['two dollars and fifty cents', '$2.50'],
    ['$2.50', '$2.50'],
    ['ten percent, ten per cent and 10 %', '10% 10% and 10%'],
    ['minus five', '-5'],
    ['oh my', 'oh my'],
    ['point taken', 'point taken'],
    ['and then', 'and then'],
  ])('writes the number %j as %j', (text, wanted) => {
    expect(normaliseEnglish(text)).toBe(wanted);
  });

  it.each([
    ['The colours of the neighbourhood', 'the colors of the neighborhood'],
    ['he realised the organisation', 'he realized the organization'],
    ['travelling to the theatre centre', 'traveling to the theater center'],
    ['grey plough', 'gray plow'],
    ['our hour is four', 'our hour is 4'],
    ['promise exercise advise', 'promise exercise advise'],
  ])('spells %j as %j', (text, wanted) => {
    expect(normaliseEnglish(text)).toBe(wanted);
  });

  it('leaves only words joined by single spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normaliseEnglish(text)).toMatch(/^(?:[^\s]+(?: [^\s]+)*)?$/);
      }),
    );
  });

  it('does not look at case, at spaces or at punctuation around words', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,7}$/), { maxLength: 12 });
    fc.assert(
      fc.property(words, (given) => {
        const plain = normaliseEnglish(given.join(' '));
        expect(normaliseEnglish(given.map((word) => `${word.toUpperCase()}, `).join(' '))).toBe(
          plain,
        );
      }),
    );
  });
});
