import { describe, expect, it } from 'vitest';
import { BeamSearch } from './beam-search';
import { unitsTo } from './lexicon';
import { readEmbeddedModel, readGolden } from './test-model';

const { model, lexicon, vocabulary } = readEmbeddedModel();
const { units, search: options, recordings } = readGolden();
const search = new BeamSearch(model, lexicon, units, options);

const wordsOf = (logProbs: Float32Array, frames: number) =>
  search
    .search(logProbs, frames)
    .map(({ word, frame }) => ({ word: model.words[word] ?? '', frame }));

describe('BeamSearch', () => {
  it.each(recordings)('finds the words and frames of the reference: $sentence', (golden) => {
    expect(wordsOf(golden.logProbs, golden.frames)).toEqual(golden.words);
  });

  it('keeps nothing from one recording to the next', () => {
    for (const golden of [...recordings].reverse())
      expect(wordsOf(golden.logProbs, golden.frames)).toEqual(golden.words);
  });

  it('gives the pronunciation with which each word was found', () => {
    const golden = recordings[0];
    for (const { word, node } of search.search(
      golden?.logProbs ?? new Float32Array(0),
      golden?.frames ?? 0,
    )) {
      const spelt = unitsTo(lexicon, node).map((unit) => vocabulary.phones[unit]);
      expect(model.pronunciations[word]).toContain(spelt.join(' '));
    }
  });

  it('finds no words in no frames, and none where only blanks are likely', () => {
    expect(wordsOf(new Float32Array(0), 0)).toEqual([]);
    const blanks = new Float32Array(100 * units).fill(-12);
    for (let frame = 0; frame < 100; frame++) blanks[frame * units] = -0.0003;
    expect(wordsOf(blanks, 100)).toEqual([]);
  });

  it('finds the best word also with the narrowest beam that has room for it', () => {
    const golden = recordings[0];
    if (!golden) throw new Error('No golden recording.');
    const narrow = new BeamSearch(model, lexicon, units, { ...options, beam: 1 });
    const words = narrow.search(golden.logProbs, golden.frames);
    expect(words.length).toBeGreaterThan(0);
    for (const [at, { frame }] of words.entries())
      expect(frame).toBeGreaterThanOrEqual(words[at - 1]?.frame ?? 0);
  });
});
