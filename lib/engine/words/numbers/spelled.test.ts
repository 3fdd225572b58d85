import { describe, expect, it } from 'vitest';
import { wordsIn } from './spelled';

/** A text with its numbers in words. */
function inWords(text: string): string {
  const words = text.split(' ');
  for (const { from, to, texts } of wordsIn(words).reverse())
    words.splice(from, to - from, ...texts);
  return words.join(' ');
}

describe('numbers in words', () => {
  it.each([
    ['some 21 people', 'some twenty-one people'],
    ['21 people. 5 came.', 'Twenty-one people. Five came.'],
    ['all 1,250', 'all one thousand two hundred and fifty'],
    ['about 2,005', 'about two thousand and five'],
    ['of 200,000', 'of two hundred thousand'],
    ['some 2 million', 'some two million'],
    ['at -12', 'at minus twelve'],
    ['a 20-year-old man', 'a twenty-year-old man'],
    ['is 3.14', 'is three point one four'],
    ['the 21st century', 'the twenty-first century'],
    ['her 30th', 'her thirtieth'],
    ['in 1984,', 'in nineteen eighty-four,'],
    ['in 1905', 'in nineteen oh five'],
    ['in 2005', 'in two thousand and five'],
    ['the 1980s', 'the nineteen eighties'],
    ['for 1500 people', 'for one thousand five hundred people'],
    ['for $1,250.30', 'for one thousand two hundred and fifty dollars and thirty cents'],
    ['only $1.', 'only one dollar.'],
    ['a $2.5 million loan', 'a two point five million dollar loan'],
    ['a $5 bill', 'a five dollar bill'],
    ['a $0.50 fee', 'a fifty cent fee'],
    ['about $1.5 billion dollars.', 'about one point five billion dollars.'],
    ['for $5 dollars', 'for five dollars'],
    ['for £10.50', 'for ten pounds and fifty pence'],
    ['by 10%,', 'by ten percent,'],
    ['by 5-10%', 'by five to ten percent'],
    ['at 2:30', 'at two thirty'],
    ['at 9:05 p.m.', 'at nine oh five p.m.'],
    ['at 2:00', "at two o'clock"],
    ['at 9:00 a.m.', 'at nine a.m.'],
    ['at 10am', 'at ten a.m.'],
    ['on May 3, 1984', 'on May third, nineteen eighty-four'],
    ['on 3 May', 'on the third of May'],
    ['in December 2 of them left', 'in December two of them left'],
    ['in December 25 people came', 'in December twenty-five people came'],
    ['about 3/4', 'about three quarters'],
    ['some 1 1/2 cups', 'some one and a half cups'],
    ['some 2 3/4 miles', 'some two and three quarters miles'],
    ['from 10-20', 'from ten to twenty'],
    ['call 555-1234', 'call five five five one two three four'],
    ['at (555) 123-4567.', 'at five five five one two three four five six seven.'],
    ['at 555 123 4567', 'at five five five one two three four five six seven'],
    ['at 1-800-555-1212', 'at one eight zero zero five five five one two one two'],
    ['call 911', 'call nine one one'],
    ['they called 500 people', 'they called five hundred people'],
    ['about .5%', 'about point five percent'],
    ['(about) 500 600 times', '(about) five hundred six hundred times'],
    ['is #5', 'is number five'],
    ['an 8th', 'an eighth'],
    ['one 42nd', 'one forty-second'],
  ])('%s: %s', (written, said) => {
    expect(inWords(written)).toBe(said);
  });

  it.each(['B12', '20°C', '24/7', '10.0.0.1', 'COVID-19', 'mp3', 'no numbers here'])(
    'leaves alone: %s',
    (text) => {
      expect(inWords(text)).toBe(text);
    },
  );
});
