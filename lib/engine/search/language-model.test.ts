import { describe, expect, it } from 'vitest';
import { encodeModel } from '@/lib/engine/families/ctc/test-model';
import { LanguageModel, unitsOf, WordScores } from './language-model';

const SEE = 3;
const SEA = 4;
const SEEN = 5;
const START = 0;

const tiny = () =>
  encodeModel({
    words: [
      ['see', [1, 2]],
      ['Sea', [1, 2], [39, 2]],
      ['seen', [1, 2, 3]],
    ],
    unigrams: [160, 80, 160, 48, 64, 96],
    backOffs: [16, 0, 0, 32, 0, 0],
    bigrams: [
      { words: [START, SEE], cost: 24, backOff: 4 },
      { words: [SEE, SEA], cost: 8, backOff: 0 },
    ],
    trigrams: [{ words: [START, SEE, SEA], cost: 12 }],
  });

/** Where the parts of `tiny` lie: after header and words, two bytes of costs a word. */
const WORDS_AT = 28;
const COUNTS_AT = tiny().length - 3 - 2;

describe('LanguageModel', () => {
  const model = new LanguageModel(tiny().buffer);

  it('reads written forms and pronunciations', () => {
    expect(model.words).toEqual(['<s>', '</s>', '<unk>', 'see', 'Sea', 'seen']);
    expect(model.pronunciations[SEA]?.map((way) => Array.from(unitsOf(way)))).toEqual([
      [1, 2],
      [39, 2],
    ]);
    expect(model.pronunciations[2]).toEqual([]);
  });

  it('takes a trigram where it is stored', () => {
    expect(model.score(START, SEE, SEA)).toBe(-12 / 16);
  });

  it('backs off to the bigram, and from there to the word alone', () => {
    // no bigram (sea, see): its back-off is 0
    expect(model.score(SEA, SEE, SEA)).toBe(-8 / 16);
    // back-off of (<s>, see), of see, then the unigram
    expect(model.score(START, SEE, SEEN)).toBe(-(4 + 32 + 96) / 16);
  });

  it('finds trigrams after bigrams that have hundreds of them', () => {
    const words = Array.from({ length: 400 }, (_, at) => [`w${at}`, [1]] as const);
    const many = new LanguageModel(
      encodeModel({
        words: words.map(([written, units]) => [written, [...units]]),
        bigrams: [
          { words: [3, 3], cost: 1, backOff: 1 },
          { words: [4, 3], cost: 1, backOff: 1 },
        ],
        trigrams: [
          ...words.map((_, at) => ({ words: [3, 3, at + 3] as const, cost: at % 200 })),
          { words: [4, 3, 7], cost: 77 },
        ],
      }).buffer,
    );
    expect(many.score(3, 3, 302)).toBe(-99 / 16);
    expect(many.score(4, 3, 7)).toBe(-77 / 16);
  });

  it.each([
    ['the magic of the first layout', (bytes: Uint8Array) => bytes.fill(0x31, 6, 7)],
    ['a missing end', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['nothing', () => new Uint8Array(0)],
    ['more words than ids', (bytes: Uint8Array) => bytes.fill(255, 8, 10)],
    ['too few lines of words', (bytes: Uint8Array) => bytes.fill(32, WORDS_AT + 3, WORDS_AT + 4)],
    ['bigrams that are not there', (bytes: Uint8Array) => bytes.fill(1, WORDS_AT + 43, -13)],
    ['trigrams that are not there', (bytes: Uint8Array) => bytes.fill(2, COUNTS_AT, COUNTS_AT + 1)],
    [
      'a count that does not end',
      (bytes: Uint8Array) => bytes.fill(0x81, COUNTS_AT, COUNTS_AT + 2),
    ],
  ])('refuses a file with %s', (_, change) => {
    const bytes = Uint8Array.from(change(tiny()));
    expect(() => new LanguageModel(bytes.buffer)).toThrowError(
      expect.objectContaining({ code: 'MODEL_HASH_MISMATCH' }),
    );
  });

  it('scores the same through the cache, with ids of 16 bits', () => {
    const last = 40_000;
    const words = Array.from({ length: last - 2 }, (_, at) => [`w${at}`] as [string]);
    const full = new LanguageModel(
      encodeModel({
        words,
        bigrams: [
          { words: [START, SEE], cost: 24, backOff: 4 },
          { words: [last, last], cost: 8, backOff: 0 },
        ],
        trigrams: [{ words: [last, last, last], cost: 12 }],
      }).buffer,
    );
    const scores = new WordScores(full);
    const ids = [START, SEE, 32_768, last];
    for (let round = 0; round < 2; round++)
      for (const u of ids)
        for (const v of ids)
          for (const word of ids) {
            const slot = scores.find((u << 16) | v, full.bigram(u, v), word);
            expect(scores.score[slot]).toBe(full.score(u, v, word));
            expect(scores.bigram[slot]).toBe(full.bigram(v, word));
          }
    expect(full.score(last, last, last)).toBe(-12 / 16);
  });
});
