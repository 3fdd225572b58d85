import fc from 'fast-check';
import { expect, it } from 'vitest';
import { paragraphsOf } from './more-menu';

it('takes lines for paragraphs, and names before a colon for speakers', () => {
  const text = 'Ada: How are you?\n\nBen:  Fine: thanks.\nAnd well.\nada: Good.\nIt was 10:30 then';
  const { paragraphs, speakers } = paragraphsOf(text, true, [{ id: 's1', name: 'Ada' }]);
  expect(speakers.map(({ name }) => name)).toEqual(['Ada', 'Ben']);
  expect(paragraphs.map(({ text: line, speakerId }) => [line, speakerId])).toEqual([
    ['How are you?', 's1'],
    ['Fine: thanks.', 's2'],
    ['And well.', 's2'],
    ['Good.', 's1'],
    ['It was 10:30 then', 's1'],
  ]);
  expect(paragraphsOf('Ada: Hello', false, []).paragraphs).toMatchObject([{ text: 'Ada: Hello' }]);
});

const textsOf = (text: string) =>
  paragraphsOf(text, false, []).paragraphs.map((paragraph) => paragraph.text.trim());

it('divides a very long line at the ends of sentences, and no other one', () => {
  const sentence = 'The harbour was calm, and “nobody was in a hurry to leave.”';
  const line = Array.from({ length: 200 }, () => sentence).join(' ');
  const texts = textsOf(line);
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts.slice(0, -1)) expect(text).toMatch(/^(The harbour[^”]+” ?){5}$/);
  expect(texts.join(' ')).toBe(line);
  expect(textsOf(line.slice(0, 3000))).toEqual([line.slice(0, 3000).trim()]);
});

it('divides what has no sentences or no spaces, and loses nothing', () => {
  expect(textsOf('word '.repeat(1000)).every((text) => /^(word ?)+$/.test(text))).toBe(true);
  expect(textsOf('天気が良い。'.repeat(1000)).every((text) => text.endsWith('。'))).toBe(true);
  expect(textsOf('😀'.repeat(2000)).every((text) => /^😀+$/u.test(text))).toBe(true);
  const parts = fc.constantFrom(
    'a',
    'word',
    ' ',
    '. ',
    '! ',
    '。',
    '天気',
    '😀',
    '”',
    'x'.repeat(700),
  );
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1500, maxLength: 3000 }), (all) => {
      const text = all.join('');
      expect(joined(textsOf(text).join(' '))).toBe(joined(text));
    }),
    { numRuns: 30 },
  );
});

/** A text without its spaces: a part that is cut inside a word ends there. */
const joined = (text: string) => text.replace(/\s/g, '');
