import fc, { assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainText, isText, joinWords, needsSpace, plainText } from './text';

/** Any sequence of UTF-16 units, halves of characters among them, and often what is refused. */
const anyText = string({
  unit: oneof(
    constantFrom('\0', '\u001b', '\ud83d', '\ude00', '\u202e', '\u2066', '\u2028', '\n', 'a', 'é'),
    nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  ),
});

describe('text that is shown to others', () => {
  it.each([
    ['NUL', 'An\0na'],
    ['a control character', 'An\u001b[31mna'],
    ['an end of a line', 'Anna\nOwner'],
    ['an end of a paragraph', 'Anna\u2029Owner'],
    ['an override of direction', 'Anna \u202egro.elpmaxe@nimda'],
    ['an embedding', '\u202bAnna\u202c'],
    ['an isolate', '\u2067Anna\u2069'],
    ['the first half of a character', 'Anna \ud83d'],
    ['the second half of a character', '\ude00 Anna'],
  ])('holds no %s', (_what, value) => {
    expect(isPlainText(value)).toBe(false);
    expect(isPlainText(plainText(value))).toBe(true);
  });

  it.each([
    'Anna Müller',
    'محمد\u200f (a)',
    'דוד',
    '李小龙',
    'Zoë 😀👩‍👩‍👧',
    'A\u0301',
    'नमस्\u200dते',
    '',
  ])('may be %j', (value) => {
    expect(isPlainText(value)).toBe(true);
    expect(plainText(value)).toBe(value);
  });

  it('is text that can be stored, and what is cleaned stays as it is', () => {
    assert(
      property(anyText, (value) => {
        const clean = plainText(value);
        expect(isPlainText(clean) && isText(clean)).toBe(true);
        // throws at halves of characters
        encodeURIComponent(clean);
        expect(plainText(clean)).toBe(clean);
        if (isPlainText(value)) expect(isText(value)).toBe(true);
      }),
    );
  });
});

describe('needsSpace', () => {
  it.each([
    ['Chinese', '你们', '喜欢'],
    ['Japanese in two scripts', '東京', 'タワーです'],
    ['a long vowel', 'データー', 'です'],
    ['Thai', 'สวัสดี', 'ครับ'],
    ['Lao', 'ສະບາຍ', 'ດີ'],
    ['Khmer', 'សួស្តី', 'បង'],
    ['Burmese', 'မင်္ဂလာ', 'ပါ'],
    ['narrow punctuation between such letters', '你好,', '世界'],
    ['quotes round such letters', '你好', '“世界”'],
    ['wide punctuation', '你好。', 'Hello'],
    ['wide brackets', 'Hello', '「世界」'],
  ])('puts none between two words of %s', (_, before, after) => {
    expect(needsSpace(before, after)).toBe(false);
  });

  it.each([
    ['English', 'good', 'morning'],
    ['Korean', '안녕하세요', '여러분'],
    ['Russian', 'Добрый', 'день'],
    ['Hindi', 'नमस्ते', 'दुनिया'],
    ['Chinese and English', '我用', 'iPhone'],
    ['English and Chinese', 'Hello,', '世界'],
    ['Thai and a number', 'ราคา', '35'],
    ['a dash and a word', '-', '你好'],
  ])('puts one between words of %s', (_, before, after) => {
    expect(needsSpace(before, after)).toBe(true);
  });
});

describe('joinWords', () => {
  it('writes words of several scripts as one does', () => {
    expect(joinWords(['昨天', '我买了', 'iPhone', '15', 'Pro。', '很贵,', '是吗?'])).toBe(
      '昨天我买了 iPhone 15 Pro。很贵,是吗?',
    );
    expect(joinWords([])).toBe('');
  });

  it('keeps every word in order, with at most one space between', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-zé.,'"-]{1,6}$/),
      fc.stringMatching(/^[世界お茶タワー。、「」,"]{1,6}$/),
      fc.stringMatching(/^[ก-ฮ]{1,6}$/),
      fc.stringMatching(/^[가-힣]{1,4}$/),
      fc.constantFrom('🙂', '3', '…', '—'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const text = joinWords(words);
        expect(text.replaceAll(' ', '')).toBe(words.join(''));
        expect(text).toBe(text.trim());
        expect(text).not.toContain('  ');
        // the rule looks at neighbours alone: parts joined apart make the same text
        const [first = '', ...rest] = words;
        const [second] = rest;
        if (second !== undefined)
          expect(text).toBe(`${first}${needsSpace(first, second) ? ' ' : ''}${joinWords(rest)}`);
      }),
    );
  });
});
