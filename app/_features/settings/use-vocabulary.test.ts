import { describe, expect, it } from 'vitest';
import { parseVocabulary } from '@/lib/client/store/vocabulary';
import { refusedTexts } from './use-vocabulary';

const textsFor = (text: string) => refusedTexts(parseVocabulary(text).refused);

describe('what is said of lines that are left out', () => {
  it('names the line, what it says and why', () => {
    expect(textsFor(`fine\n${'ab '.repeat(6)}\n2024`)).toEqual([
      'Line 2, “ab ab ab ab ab ab”, has more than 5 words.',
      'Line 3, “2024”, has no letter from A to Z.',
    ]);
  });

  it('shortens what is too long', () => {
    expect(textsFor('x'.repeat(61))).toEqual([
      `Line 1, “${'x'.repeat(30)}…”, has more than 60 characters.`,
    ]);
  });

  it('names three lines and counts the rest', () => {
    const names = Array.from({ length: 505 }, (_, at) => `name${at}`).join('\n');
    expect(textsFor(names)).toEqual([
      'Line 501, “name500”, comes after the 500th entry.',
      'Line 502, “name501”, comes after the 500th entry.',
      'Line 503, “name502”, comes after the 500th entry.',
      'And 2 more lines.',
    ]);
  });
});
