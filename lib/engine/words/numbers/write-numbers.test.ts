import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NumberStyle } from '@/lib/engine/types';
import { writeNumbers } from './write-numbers';

const spoken = (text: string) =>
  text.split(' ').map((word, at) => ({
    text: word,
    startSample: 1000 * at,
    endSample: 1000 * at + 800,
    confidence: 1 - at / 10,
  }));
const written = (text: string, style: NumberStyle, language: string | null = 'en') =>
  writeNumbers(spoken(text), style, language);
const textOf = (words: readonly { text: string }[]) => words.map(({ text }) => text).join(' ');

describe('numbers written one way', () => {
  it('gives what was several words their whole time, and the least of what is sure', () => {
    expect(written('about one hundred and five men', 'figures')).toEqual([
      { text: 'about', startSample: 0, endSample: 800, confidence: 1 },
      { text: '105', startSample: 1000, endSample: 4800, confidence: 0.6 },
      { text: 'men', startSample: 5000, endSample: 5800, confidence: 0.5 },
    ]);
  });

  it('shares the time of one word among several', () => {
    expect(written('at 10:05', 'words')).toEqual([
      { text: 'at', startSample: 0, endSample: 800, confidence: 1 },
      { text: 'ten', startSample: 1000, endSample: 1267, confidence: 0.9 },
      { text: 'oh', startSample: 1267, endSample: 1445, confidence: 0.9 },
      { text: 'five', startSample: 1445, endSample: 1800, confidence: 0.9 },
    ]);
  });

  it.each(['de', 'fr', null])('leaves another language alone: %s', (language) => {
    expect(textOf(written('in 1984 twenty one', 'figures', language))).toBe('in 1984 twenty one');
    expect(textOf(written('in 1984 twenty one', 'words', language))).toBe('in 1984 twenty one');
  });

  it('leaves all as the model writes it, where nothing else is asked', () => {
    expect(textOf(written('in 1984 twenty one', 'as-is'))).toBe('in 1984 twenty one');
  });

  it('reads every number that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 999_999_999 }), (value) => {
        const figures = value.toLocaleString('en-US');
        const words = textOf(written(`of ${figures}`, 'words'));
        expect(words).not.toMatch(/\d/);
        const again = textOf(written(words, 'figures')).replace(/ million$/, ',000,000');
        // "two thousand and five" is a year
        const isYear = value > 2000 && value < 2100;
        expect(again).toBe(`of ${isYear ? value : figures}`);
      }),
    );
  });

  it('keeps words in order, and their times inside those that were there', () => {
    const word = fc.constantFrom(
      ...'one two nine ten twelve twenty thirty hundred thousand million and a half past to quarter the'.split(
        ' ',
      ),
      ...'minutes people or in hundreds foot dot street cost dollar hours seven eleven fifty-fifty'.split(
        ' ',
      ),
      ...'first third twentieth of May june point minus dollars cents percent at oh double - $5 10% 1984 2:30 .5'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (list) => {
        for (const style of ['figures', 'words'] as const) {
          const words = written(list.join(' '), style);
          expect(words.length).toBeGreaterThan(0);
          let from = 0;
          for (const { text, startSample, endSample } of words) {
            expect(text).toMatch(/^\S+$/);
            expect(startSample).toBeGreaterThanOrEqual(from);
            expect(endSample).toBeGreaterThan(startSample);
            from = endSample;
          }
          expect(from).toBeLessThanOrEqual(1000 * list.length - 200);
        }
      }),
    );
  });
});
