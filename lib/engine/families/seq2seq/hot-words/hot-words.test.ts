import { describe, expect, it } from 'vitest';
import { VOCABULARY_LIMITS } from '@/lib/engine/words/vocabulary-limits';
import { HotWordTokens } from './hot-words';
import { follow } from './token-tree';

/** A token a character; a space before a letter is in the letter's. */
const tokenizer = {
  encode: (text: string) => Array.from(text.matchAll(/ ?./gu), ([piece]) => idOf(piece)),
  decode: (ids: readonly number[]) => ids.map((id) => PIECES[id] ?? '').join(''),
  isSpecial: (id: number) => id < 0,
};
const PIECES: string[] = [];
function idOf(piece: string): number {
  const known = PIECES.indexOf(piece);
  return known >= 0 ? known : PIECES.push(piece) - 1;
}

const scores = { bonus: 2, beamBonus: 2, most: 5 };
const read = (phrases: string[]) => new HotWordTokens(tokenizer, scores).read(phrases)?.tree;
const holds = (phrases: string[], text: string) => {
  const tree = read(phrases);
  return (tree && follow(tree.root, tokenizer.encode(text))?.isWhole) ?? false;
};

describe("the user's words as tokens", () => {
  it('are there with a space and without, as written, in small letters, and as a sentence begins', () => {
    for (const text of [' ctDNA', 'ctDNA', ' ctdna', 'ctdna', ' CtDNA', 'CtDNA'])
      expect(holds(['ctDNA'], text)).toBe(true);
    for (const text of [' CTDNA', ' ctDN', ' ctDNAs']) expect(holds(['ctDNA'], text)).toBe(false);
    expect(holds([' Anna   Schmidt '], ' Anna Schmidt')).toBe(true);
    expect(holds(['Anna Schmidt'], ' Anna')).toBe(false);
  });

  it('keep to the limits of the vocabulary', () => {
    const { characters, entries } = VOCABULARY_LIMITS;
    const long = 'x'.repeat(characters);
    expect(holds([long], long)).toBe(true);
    expect(holds([`${long}x`], `${long}x`)).toBe(false);
    expect(holds(['a b c d e f'], 'a b c d e f')).toBe(false);
    const names = Array.from({ length: entries + 1 }, (_, at) => `n${at}`);
    expect(holds(names, `n${entries - 1}`)).toBe(true);
    expect(holds(names, `n${entries}`)).toBe(false);
  });

  it('are none where nothing is listed', () => {
    expect(read([])).toBeUndefined();
    expect(read(['', '  '])).toBeUndefined();
  });

  it('know where a word begins, and after which tokens it needs no space', () => {
    const edges = read(['a'])?.edges;
    const [spaced, letter, mark, bracket] = [' b', 'b', ',', ' ('].map(idOf);
    for (const [id, begins, opens] of [
      [spaced, true, false],
      [letter, false, false],
      [mark, true, true],
      [bracket, true, true],
      [-1, true, true],
    ] as [number, boolean, boolean][]) {
      expect(edges?.begins(id)).toBe(begins);
      expect(edges?.opens(id)).toBe(opens);
    }
  });

  it('are taken apart once for a list', () => {
    const words = new HotWordTokens(tokenizer, scores);
    const tree = words.read(['one'])?.tree;
    expect(words.read(['one'])?.tree).toBe(tree);
    expect(words.read(['two'])?.tree).not.toBe(tree);
  });
});
