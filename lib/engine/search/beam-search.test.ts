import { describe, expect, it } from 'vitest';
import {
  doubtful,
  type GoldenRecording,
  readBuiltInModel,
  readGolden,
  SMALL_PHONES,
  scoresOf,
  smallModel,
} from '@/lib/engine/families/ctc/test-model';
import { BeamSearch } from './beam-search';
import { HotWordReader, NO_HOT_WORDS } from './hot-words';
import { LanguageModel, unitsOf } from './language-model';
import { buildLexicon } from './lexicon-build';

const { model, lexicon } = readBuiltInModel();
const { units, search: options, recordings } = readGolden();
const [first] = recordings;
if (!first) throw new Error('No golden recording.');

function wordsOf(search: BeamSearch, { logProbs, frames, hotWords }: GoldenRecording) {
  const texts = [...model.words, ...hotWords.added.map(({ written }) => written)];
  return search.search(logProbs, frames).map(({ word, frame }) => ({ word: texts[word], frame }));
}

describe('BeamSearch', () => {
  const search = new BeamSearch(model, lexicon, units, options);

  it.each(recordings)('finds the words and frames of the reference: $name', (golden) => {
    const own = new BeamSearch(model, lexicon, units, options, golden.hotWords);
    expect(wordsOf(own, golden)).toEqual(golden.words);
  });

  it('keeps nothing from one recording to the next', () => {
    for (const golden of recordings.slice(0, 3).reverse())
      expect(wordsOf(search, golden)).toEqual(golden.words);
  });

  it('gives the pronunciation with which each word was found', () => {
    for (const { word, node } of search.search(first.logProbs, first.frames)) {
      const ways = (model.pronunciations[word] ?? []).map((way) => Array.from(unitsOf(way)));
      expect(ways).toContainEqual(search.lexicon.unitsTo(node));
    }
  });

  it('finds no words in no frames, and none where only blanks are likely', () => {
    expect(search.search(new Float32Array(0), 0)).toEqual([]);
    const blanks = new Float32Array(100 * units).fill(-12);
    for (let frame = 0; frame < 100; frame++) blanks[frame * units] = -0.0003;
    expect(search.search(blanks, 100)).toEqual([]);
  });

  it('finds words also with the narrowest beam that has room for one', () => {
    const narrow = new BeamSearch(model, lexicon, units, { ...options, beam: 1 });
    const words = narrow.search(first.logProbs, first.frames);
    expect(words.length).toBeGreaterThan(0);
    for (const [at, { frame }] of words.entries())
      expect(frame).toBeGreaterThanOrEqual(words[at - 1]?.frame ?? 0);
  });
});

const PHONES = SMALL_PHONES.length;
const small = new LanguageModel(smallModel().buffer);

const join = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((p) => Array.from(p)));

describe('hot words', () => {
  const settings = { ...options, beam: 20, weight: 1, wordBonus: 0, blankPenalty: 0, hotBonus: 3 };
  const reader = new HotWordReader(small, (word) => (word === 'Gan' ? [[3, 4]] : []));

  async function search(
    phrases: string[],
    logProbs: Float32Array,
    changes: Partial<typeof options> = {},
  ) {
    const hotWords = await reader.read(phrases);
    const tree = buildLexicon(small, PHONES);
    const one = new BeamSearch(small, tree, PHONES, { ...settings, ...changes }, hotWords);
    const texts = [...small.words, ...hotWords.added.map(({ written }) => written)];
    return one.search(logProbs, logProbs.length / PHONES).map(({ word }) => texts[word]);
  }

  it('favours a word that the model has', async () => {
    const logProbs = doubtful(1, 0.5, 2, 0.4);
    expect(await search([], logProbs)).toEqual(['ban']);
    expect(await search(['pan'], logProbs)).toEqual(['pan']);
  });

  it('finds a word that the model does not have', async () => {
    const logProbs = scoresOf([
      [0, 0.9],
      [3, 0.9],
      [4, 0.9],
      [0, 0.9],
    ]);
    expect(await search([], logProbs)).not.toContain('Gan');
    expect(await search(['Gan'], logProbs)).toEqual(['Gan']);
  });

  it('scores a word that the model does not have as the setting says', async () => {
    const logProbs = scoresOf([
      [3, 0.5, 1, 0.4],
      [4, 0.5, 0, 0.4],
      [5, 0.5, 0, 0.4],
    ]);
    expect(await search(['Gan'], logProbs, { newWordScore: -1 })).toEqual(['Gan']);
    expect(await search(['Gan'], logProbs, { newWordScore: -30 })).not.toContain('Gan');
  });

  it('favours the later words of a phrase, and only after the earlier ones', async () => {
    const pan = doubtful(1, 0.5, 2, 0.4);
    const an = scoresOf([
      [0, 0.9],
      [4, 0.9],
      [5, 0.9],
      [0, 0.9],
    ]);
    expect(await search(['an pan'], join(an, pan))).toEqual(['an', 'pan']);
    expect(await search(['an pan'], join(pan, an))).toEqual(['ban', 'an']);
    expect(await search(['an pan'], pan)).toEqual(['ban']);
  });

  it('favours the word after a new one of the same phrase', async () => {
    const gan = scoresOf([
      [0, 0.9],
      [3, 0.97],
      [4, 0.97],
      [0, 0.97],
    ]);
    const strong = { newWordScore: -2 };
    const both = join(gan, doubtful(1, 0.5, 2, 0.4));
    expect(await search(['Gan', 'Gan pan'], both, strong)).toEqual(['Gan', 'pan']);
    expect(await search(['Gan'], both, strong)).toEqual(['Gan', 'ban']);
  });

  it('does not add the bonus twice', async () => {
    // 0.4 to 0.5 and 2 units of unigram score: the one bonus is too little, two were enough
    const logProbs = doubtful(1, 0.5, 2, 0.4);
    const once = { hotBonus: 1.5 };
    expect(await search(['pan', 'pan'], logProbs, once)).toEqual(['ban']);
    expect(await search(['pan'], logProbs, { hotBonus: 3 })).toEqual(['pan']);
  });

  it('keeps a favoured word in the beam until it ends', async () => {
    const logProbs = doubtful(1, 0.5, 3, 0.45);
    const narrow = { beam: 2, hotBonus: 15 };
    expect(await search([], logProbs, narrow)).toEqual(['ban']);
    expect(await search(['tan'], logProbs, narrow)).toEqual(['tan']);
  });

  it('changes nothing when the list is empty', () => {
    const plain = new BeamSearch(model, lexicon, units, options);
    const empty = new BeamSearch(model, lexicon, units, { ...options, hotBonus: 0 }, NO_HOT_WORDS);
    expect(empty.lexicon).toBe(lexicon);
    const { logProbs, frames } = first;
    expect(empty.search(logProbs, frames)).toEqual(plain.search(logProbs, frames));
  });
});
