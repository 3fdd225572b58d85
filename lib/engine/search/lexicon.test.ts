import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel, readBuiltInModel } from '@/lib/engine/families/ctc/test-model';
import { LanguageModel, unitsOf } from './language-model';
import { type Lexicon, ROOT } from './lexicon';
import { buildLexicon } from './lexicon-build';

/** Units of the small trees below, on both sides of the border between the two masks. */
const UNITS = 40;
const TRIED = [1, 2, 31, 32, 39];

/** The node that units lead to; -1 when there is none. */
function nodeOf(lexicon: Lexicon, units: ArrayLike<number>): number {
  return Array.from(units).reduce(
    (node, unit) => (node < 0 ? node : lexicon.childOf(node, unit)),
    ROOT,
  );
}

/** Every pronunciation with its words and the hope on its way. */
function contentOf(lexicon: Lexicon): Record<string, { words: number[]; hope: number }> {
  const content: Record<string, { words: number[]; hope: number }> = {};
  const visit = (node: number, units: number[]) => {
    const words = Array.from(lexicon.wordsAt(node));
    expect(lexicon.unitsTo(node)).toEqual(units);
    content[units.join(' ')] = { words, hope: lexicon.hope(node) };
    for (const unit of TRIED) {
      const child = lexicon.childOf(node, unit);
      if (child >= 0) visit(child, [...units, unit]);
    }
  };
  visit(ROOT, []);
  return content;
}

const treeOf = (words: [string, ...number[][]][], unigrams: number[]) =>
  buildLexicon(new LanguageModel(encodeModel({ words, unigrams }).buffer), UNITS);

describe('buildLexicon', () => {
  it('has each pronunciation of the built-in model as one path that ends in its word', () => {
    const { model, lexicon } = readBuiltInModel();
    for (let word = 3; word < model.words.length; word += 97)
      for (const pronunciation of model.pronunciations[word] ?? []) {
        const units = unitsOf(pronunciation);
        const node = nodeOf(lexicon, units);
        expect(lexicon.hope(node)).toBeGreaterThanOrEqual(model.unigramScore(word));
        expect(lexicon.wordsAt(node)).toContain(word);
        expect(lexicon.unitsTo(node)).toEqual(Array.from(units));
      }
  });

  it.each([
    ['too high', 40],
    ['the blank', 0],
  ])('refuses a unit that the network does not have: %s', (_, unit) => {
    expect(() => treeOf([['see', [1, unit]]], [])).toThrowError(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });

  it('refuses a network with more units than the tree has room for', () => {
    const model = new LanguageModel(encodeModel({ words: [['see', [1]]] }).buffer);
    expect(() => buildLexicon(model, 65)).toThrowError(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });
});

describe('Lexicon.with', () => {
  it('gives the tree that all words together would have given, and leaves its own alone', () => {
    const unit = fc.constantFrom(...TRIED);
    const word = fc.array(unit, { minLength: 1, maxLength: 4 });
    const words = fc.array(word, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, words, fc.array(fc.nat({ max: 200 })), (first, second, costs) => {
        const all = [...first, ...second];
        const cost = all.map((_, at) => costs[at] ?? 7);
        const draft = (some: number[][]) =>
          some.map((units, at): [string, ...number[][]] => [`w${at}`, units]);
        const base = treeOf(draft(first), [0, 0, 0, ...cost]);
        const before = contentOf(base);
        const added = second.map((units, at) => {
          const index = first.length + at;
          return { word: 3 + index, units, hope: -(cost[index] ?? 0) / 16 };
        });
        const extended = base.with(added);
        const whole = treeOf(draft(all), [0, 0, 0, ...cost]);
        expect(contentOf(extended)).toEqual(contentOf(whole));
        expect(extended.maxHomophones).toBe(whole.maxHomophones);
        expect(contentOf(base)).toEqual(before);
      }),
    );
  });

  it('raises the hope on the way to a word that it has', () => {
    const base = treeOf([['see', [1, 2]]], [0, 0, 0, 48]);
    const raised = base.with([{ word: 3, units: [1, 2], hope: 1.5 }]);
    expect(contentOf(raised)).toEqual({
      '': { words: [], hope: 0 },
      '1': { words: [], hope: 1.5 },
      '1 2': { words: [3], hope: 1.5 },
    });
    expect(raised.maxHope).toBe(1.5);
    expect(base.maxHope).toBe(0);
  });
});
