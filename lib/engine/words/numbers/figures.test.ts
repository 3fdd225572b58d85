import { describe, expect, it } from 'vitest';
import { figuresIn } from './figures';

/** A text with its numbers in figures. */
function inFigures(text: string): string {
  const words = text.split(' ');
  for (const { from, to, texts } of figuresIn(words).reverse())
    words.splice(from, to - from, ...texts);
  return words.join(' ');
}

describe('numbers in figures', () => {
  it.each([
    // cardinals
    ['twenty one people', '21 people'],
    ['Twenty-one people.', '21 people.'],
    ['one hundred and five', '105'],
    ['one thousand two hundred and fifty', '1,250'],
    ['fifteen hundred men', '1,500 men'],
    ['twelve thousand three hundred forty five', '12,345'],
    ['two million', '2 million'],
    ['two million three hundred thousand and six', '2,300,006'],
    ['a hundred and fifty', '150'],
    ['two hundred thousand', '200,000'],
    ['five five five one two one two', '5551212'],
    ['double oh seven', '007'],
    ['minus twelve', '-12'],
    ['a twenty-year-old man', 'a 20-year-old man'],
    ['Fifty-fifty,', '50-50,'],
    ['the eighty-twenty rule', 'the 80-20 rule'],
    ['seventy-five-twenty-five', '75-25'],
    ['twenty-four-seven', '24-7'],
    ['ten-fifteen minutes', '10-15 minutes'],
    ['twenty-thirty', '20-30'],
    ['ten-to-one odds', '10-to-1 odds'],
    ['a twenty second delay', 'a 20 second delay'],
    ['from five to ten', 'from five to 10'],
    ['he may march ten miles', 'he may march 10 miles'],
    ['Twenty, one', '20, one'],
    ['bake at three fifty degrees', 'bake at 350 degrees'],
    ['at one twenty miles an hour', 'at 120 miles an hour'],
    ['at five to ten miles', 'at five to 10 miles'],
    ['at five to ten thousand', 'at five to 10,000'],
    ['thirty minutes to one hour', '30 minutes to one hour'],
    ['five minutes to ten minutes', 'five minutes to 10 minutes'],
    ['twenty minutes to one and a half hours', '20 minutes to 1.5 hours'],
    ['fifteen twenty minutes', '15 20 minutes'],
    ['in twenty thirty years', 'in 20 30 years'],
    ['twenty thirty people', '20 30 people'],
    ['a fifteen twenty minute walk', 'a 15 20 minute walk'],
    ['fifteen forty two feet', '1,542 feet'],
    ['two thousand and five people', '2,005 people'],
    // decimals
    ['three point one four', '3.14'],
    ['zero point oh five', '0.05'],
    ['two and a half miles', '2.5 miles'],
    ['two point five billion', '2.5 billion'],
    ['a million and a half people', '1.5 million people'],
    ['three thousand and a half', '3,500'],
    ['by point five percent', 'by 0.5%'],
    ['Point zero five percent', '0.05%'],
    ['a point two five percent rise', 'a 0.25% rise'],
    ['oh point five percent', '0.5%'],
    ['about point five miles', 'about 0.5 miles'],
    ['of point five million dollars', 'of $0.5 million'],
    ['one oh five point three FM', '105.3 FM'],
    ['at this point fifty percent', 'at this point 50%'],
    // ordinals
    ['the twenty first century', 'the 21st century'],
    ['her thirtieth birthday', 'her 30th birthday'],
    ['the one hundred and twelfth time', 'the 112th time'],
    ['the twenty second of them', 'the 22nd of them'],
    // years
    ['in nineteen eighty four', 'in 1984'],
    ['nineteen oh five', '1905'],
    ['in two thousand and five', 'in 2005'],
    ['twenty twenty five', '2025'],
    ['the nineteen eighties', 'the 1980s'],
    ['in fifteen hundred', 'in 1500'],
    ['in nineteen eighty four people', 'in 1984 people'],
    ['in twenty-thirty', 'in 2030'],
    ['in twenty thirty people will', 'in 2030 people will'],
    // money
    ['one thousand two hundred and fifty dollars and thirty cents', '$1,250.30'],
    ['five dollars', '$5'],
    ['it cost fifty cents.', 'it cost 50 cents.'],
    ['two million euros', '€2 million'],
    ['one million and a half dollars', '$1.5 million'],
    ['a hundred and fifty dollars', '$150'],
    ['ten pounds and fifty pence', '£10.50'],
    ['200 dollars', '$200'],
    ['twenty thirty dollars', '20 30 dollars'],
    ['in nineteen eighty four five dollars', 'in 1984 $5'],
    // percent
    ['ten percent', '10%'],
    ['twenty thirty percent', '20 30%'],
    ['one million percent', '1 million percent'],
    ['five per cent,', '5%,'],
    ['rise by five to ten percent', 'rise by 5 to 10%'],
    ['by 5 to 10 percent', 'by 5 to 10%'],
    ['one or two degrees', '1 or 2 degrees'],
    ['twelve point five percent', '12.5%'],
    // times
    ['half past two', '2:30'],
    ['a quarter to three', '2:45'],
    ['quarter past twelve', '12:15'],
    ['twenty past four', '4:20'],
    ['ten minutes to one', '12:50'],
    ['at five to ten', 'at 9:55'],
    ['at two thirty', 'at 2:30'],
    ['at two thirty people left', 'at 2:30 people left'],
    ['at quarter to three people came', 'at 2:45 people came'],
    ['at five to ten. Miles away', 'at 9:55. Miles away'],
    ['six oh five p.m.', '6:05 p.m.'],
    ["nine o'clock", "9 o'clock"],
    ['nine a.m. today', '9 a.m. today'],
    // dates
    ['on the third of May', 'on May 3'],
    ['May third', 'May 3'],
    ['June the twenty-first, nineteen eighty four.', 'June 21, 1984.'],
    ['the first of january two thousand and twelve', 'January 1, 2012'],
    ['december twenty five', 'December 25'],
    ['on May third two thousand people came', 'on May 3 2,000 people came'],
    ['the 3rd of May', 'May 3'],
  ])('%s: %s', (said, written) => {
    expect(inFigures(said)).toBe(written);
  });

  it.each([
    'one of them',
    'two or three, four',
    '30 minutes to 1 hour',
    'the first and the second',
    'no one came',
    'a hundred times',
    'a million dollars',
    'one tenth of it',
    'fifteen-sixteenths of it',
    'a five-ten minute walk',
    'it weighs two pounds',
    'may the first win',
    'oh seven',
    '$5 and 3:30 in 1984',
    'the point is',
    'at point five',
    'two oh point taken',
    'at this point five miles',
    'point five people out',
    'and a half',
  ])('leaves alone: %s', (text) => {
    expect(inFigures(text)).toBe(text);
  });
});
