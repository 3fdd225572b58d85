import { describe, expect, it } from 'vitest';
import { LanguageModel } from './language-model';
import { buildLexicon, childOf, ROOT, unitsTo } from './lexicon';
import { readEmbeddedModel } from './test-model';
import { WordScores } from './word-scores';

/** A language model file as the docblock of `LanguageModel` lays it out. */
function tinyModel(change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): ArrayBuffer {
  const block = new TextEncoder().encode('<s>\n</s>\n<unk>\nsee\tS IY\nsea\tS IY\nseen\tS IY N');
  const numbers = (kind: 1 | 2 | 4, values: number[]) =>
    values.flatMap((value) => Array.from({ length: kind }, (_, at) => (value >> (8 * at)) & 255));
  const bytes = Uint8Array.from([
    ...new TextEncoder().encode('A2TLM01\n'),
    ...numbers(4, [6, 2, 1, block.length]),
    ...block,
    ...[160, 80, 160, 48, 64, 96], // unigram costs
    ...[16, 0, 0, 32, 0, 0], // back-off costs
    ...numbers(4, [0, 1, 1, 1, 2, 2, 2]), // bigrams (<s>, see), (see, sea)
    ...numbers(2, [3, 4]),
    ...[24, 8],
    ...[4, 0],
    ...numbers(4, [0, 1, 1]), // trigram (<s>, see, sea)
    ...numbers(2, [4]),
    ...[12],
  ]);
  return Uint8Array.from(change(bytes)).buffer;
}

describe('LanguageModel', () => {
  const model = new LanguageModel(tinyModel());
  const [start, see, sea, seen] = [0, 3, 4, 5];

  it('reads words and their pronunciations', () => {
    expect(model.words).toEqual(['<s>', '</s>', '<unk>', 'see', 'sea', 'seen']);
    expect(model.pronunciations[seen]).toEqual(['S IY N']);
  });

  it('takes a trigram where it is stored', () => {
    expect(model.score(start, see, sea)).toBe(-12 / 16);
  });

  it('backs off to the bigram, and from there to the word alone', () => {
    // no bigram (sea, see): its back-off is 0
    expect(model.score(sea, see, sea)).toBe(-8 / 16);
    // back-off of (<s>, see), of see, then the unigram
    expect(model.score(start, see, seen)).toBe(-(4 + 32 + 96) / 16);
  });

  it.each([
    ['another magic', (bytes: Uint8Array) => bytes.fill(0, 0, 4)],
    ['a missing end', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['nothing', () => new Uint8Array(0)],
    ['too few lines of words', (bytes: Uint8Array) => bytes.fill(32, 27, 28)],
  ])('refuses a file with %s', (_, change) => {
    expect(() => new LanguageModel(tinyModel(change))).toThrowError(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });

  it('scores the same through the cache', () => {
    const scores = new WordScores(model);
    for (let round = 0; round < 2; round++)
      for (const u of [start, see, sea, seen])
        for (const v of [see, sea, seen])
          for (const word of [see, sea, seen]) {
            const slot = scores.find((u << 15) | v, model.bigram(u, v), word);
            expect(scores.score[slot]).toBe(model.score(u, v, word));
            expect(scores.bigram[slot]).toBe(model.bigram(v, word));
          }
  });
});

describe('buildLexicon', () => {
  it('has each pronunciation of the embedded model as one path that ends in its word', () => {
    const { model, lexicon, vocabulary } = readEmbeddedModel();
    const unitOf = new Map(vocabulary.phones.map((phone, unit) => [phone, unit]));
    for (let word = 3; word < model.words.length; word += 7)
      for (const pronunciation of model.pronunciations[word] ?? []) {
        const units = pronunciation.split(' ').map((phone) => unitOf.get(phone) ?? -1);
        let node = ROOT;
        for (const unit of units) {
          node = childOf(lexicon, node, unit);
          expect(lexicon.best[node]).toBeGreaterThanOrEqual(model.unigramScore(word));
        }
        const ends = lexicon.words.subarray(lexicon.wordStart[node], lexicon.wordStart[node + 1]);
        expect(ends).toContain(word);
        expect(unitsTo(lexicon, node)).toEqual(units);
      }
  });

  it('refuses a phone that the network does not know', () => {
    expect(() => buildLexicon(new LanguageModel(tinyModel()), ['<blank>', 'S'])).toThrowError(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });
});
