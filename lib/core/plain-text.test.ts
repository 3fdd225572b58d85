import { assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainText, isText, plainText } from './plain-text';

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
