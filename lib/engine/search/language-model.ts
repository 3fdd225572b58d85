import { AppError } from '@/lib/core';
import type { Spelling } from './letter-alignment';

/** Costs are stored as 1/16 of a natural logarithm. */
const COST_SCALE = 16;

const MAGIC = 'A2TLM02\n';
const HEADER_BYTES = 28;

/** A unit of a pronunciation is stored as the character with this code plus the unit's index. */
const FIRST_UNIT_CHARACTER = 64;

/** Word ids with a meaning of their own; words that can be written begin at `FIRST_WORD`. */
export const SENTENCE_START = 0;
export const SENTENCE_END = 1;
export const UNKNOWN_WORD = 2;
export const FIRST_WORD = 3;

/** Two word ids share one 32-bit number as a context, so the first is got back with `>>>`. */
export const WORD_BITS = 16;
export const WORD_MASK = (1 << WORD_BITS) - 1;

/** The highest id is left free: caches mark empty slots with it. */
const MAX_WORDS = WORD_MASK;

/**
 * Word trigrams with back-off, and the written forms and pronunciations of the words: `lm.bin`.
 *
 * Little-endian, packed: magic; uint32 number of words V, bigrams B, trigrams T, bytes of the word
 * block, bytes of the trigram counts; the word block (UTF-8, one line for each word: written form
 * TAB pronunciation TAB …, of which each character is a unit); uint8[V] unigram costs; uint8[V]
 * back-off costs; uint16[V] number of bigrams of each first word; uint16[B] second words (ascending
 * for each first word); uint8[B] costs; uint8[B] back-off costs; the number of trigrams of each
 * bigram (LEB128); uint16[T] third words (ascending for each bigram); uint8[T] costs.
 */
export class LanguageModel {
  /** Written forms by id, unique when case does not count. */
  readonly words: readonly string[];
  /** Of each word, its pronunciations: one character a unit, see `unitsOf`. */
  readonly pronunciations: readonly (readonly string[])[];
  private readonly unigramCost: Uint8Array;
  private readonly unigramBackOff: Uint8Array;
  private readonly bigramStart: Uint32Array;
  private readonly bigramWord: Uint16Array;
  private readonly bigramCost: Uint8Array;
  private readonly bigramBackOff: Uint8Array;
  private readonly trigramStart: Uint32Array;
  private readonly trigramWord: Uint16Array;
  private readonly trigramCost: Uint8Array;

  /** @throws MODEL_HASH_MISMATCH when the bytes are not a whole language model */
  constructor(buffer: ArrayBuffer) {
    const { words, bigrams, trigrams, wordBytes, countBytes } = readHeader(buffer);
    let at = HEADER_BYTES;
    // the file is packed, so the wider arrays are copied out to be aligned
    const take = (bytes: number): ArrayBuffer => {
      at += bytes;
      return buffer.slice(at - bytes, at);
    };
    const rows = new TextDecoder().decode(take(wordBytes)).split('\n');
    if (rows.length !== words) throw malformed(`${rows.length} lines for ${words} words`);
    const fields = rows.map((row) => row.split('\t'));
    this.words = fields.map(([word = '']) => word);
    this.pronunciations = fields.map((row) => row.slice(1));
    this.unigramCost = new Uint8Array(take(words));
    this.unigramBackOff = new Uint8Array(take(words));
    this.bigramStart = startsOf(new Uint16Array(take(2 * words)), bigrams, 'bigrams');
    this.bigramWord = new Uint16Array(take(2 * bigrams));
    this.bigramCost = new Uint8Array(take(bigrams));
    this.bigramBackOff = new Uint8Array(take(bigrams));
    const counts = readCounts(new Uint8Array(take(countBytes)), bigrams);
    this.trigramStart = startsOf(counts, trigrams, 'trigrams');
    this.trigramWord = new Uint16Array(take(2 * trigrams));
    this.trigramCost = new Uint8Array(take(trigrams));
  }

  /** Natural log-probability of a word by itself. */
  unigramScore(word: number): number {
    return -(this.unigramCost[word] ?? 0) / COST_SCALE;
  }

  /** Where the bigram of two words is stored; -1 when it is not. */
  bigram(first: number, second: number): number {
    const start = this.bigramStart[first] ?? 0;
    return find(this.bigramWord, start, this.bigramStart[first + 1] ?? start, second);
  }

  /**
   * Natural log-probability of `word` after (u, v), with the look-ups of its bigrams given: a
   * search needs those of a context many times.
   * @param contextBigram `bigram(u, v)`
   * @param wordBigram `bigram(v, word)`
   */
  scoreAfter(contextBigram: number, v: number, wordBigram: number, word: number): number {
    let cost = 0;
    if (contextBigram >= 0) {
      const start = this.trigramStart[contextBigram] ?? 0;
      const end = this.trigramStart[contextBigram + 1] ?? start;
      const trigram = find(this.trigramWord, start, end, word);
      if (trigram >= 0) return -(this.trigramCost[trigram] ?? 0) / COST_SCALE;
      cost = this.bigramBackOff[contextBigram] ?? 0;
    }
    cost +=
      wordBigram >= 0
        ? (this.bigramCost[wordBigram] ?? 0)
        : (this.unigramBackOff[v] ?? 0) + (this.unigramCost[word] ?? 0);
    return -cost / COST_SCALE;
  }

  /** Natural log-probability of `word` after `u` and `v`. */
  score(u: number, v: number, word: number): number {
    return this.scoreAfter(this.bigram(u, v), v, this.bigram(v, word), word);
  }
}

/** The units of a stored pronunciation: indices into the network's output. */
export function unitsOf(pronunciation: string): Uint8Array {
  return Uint8Array.from(
    pronunciation,
    (character) => character.charCodeAt(0) - FIRST_UNIT_CHARACTER,
  );
}

/** Every word as it is written, with each of the ways to say it. */
export function* spellingsOf({
  words,
  pronunciations,
}: Pick<LanguageModel, 'words' | 'pronunciations'>): Generator<Spelling> {
  for (const [id, word] of words.entries())
    for (const pronunciation of pronunciations[id] ?? [])
      yield { word, units: unitsOf(pronunciation) };
}

function readHeader(buffer: ArrayBuffer) {
  const magic =
    buffer.byteLength < HEADER_BYTES
      ? ''
      : new TextDecoder('latin1').decode(new Uint8Array(buffer, 0, MAGIC.length));
  if (magic !== MAGIC) throw malformed('it does not begin like one');
  const view = new DataView(buffer, MAGIC.length, HEADER_BYTES - MAGIC.length);
  const words = view.getUint32(0, true);
  const bigrams = view.getUint32(4, true);
  const trigrams = view.getUint32(8, true);
  const wordBytes = view.getUint32(12, true);
  const countBytes = view.getUint32(16, true);
  const wanted = HEADER_BYTES + wordBytes + 4 * words + 4 * bigrams + countBytes + 3 * trigrams;
  if (buffer.byteLength !== wanted)
    throw malformed(`it has ${buffer.byteLength} bytes, not ${wanted}`);
  if (words < FIRST_WORD || words > MAX_WORDS) throw malformed(`it has ${words} words`);
  return { words, bigrams, trigrams, wordBytes, countBytes };
}

/** `length` numbers of 7 bits a byte, low bits first; the eighth says that more follow (LEB128). */
function readCounts(bytes: Uint8Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  let at = 0;
  for (let index = 0; index < length; index++) {
    let shift = 0;
    let count = 0;
    let byte: number;
    do {
      // after the end, or too long for a count of words: shifted bits would be lost
      if (at === bytes.length || shift > 14) throw malformed('its trigram counts are broken');
      byte = bytes[at++] ?? 0;
      count += (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    counts[index] = count;
  }
  if (at !== bytes.length) throw malformed('it has more trigram counts than bigrams');
  return counts;
}

/** Where each run begins, and where the last one ends. */
function startsOf(counts: ArrayLike<number>, total: number, what: string): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let end = 0;
  for (let index = 0; index < counts.length; index++) {
    end += counts[index] ?? 0;
    starts[index + 1] = end;
  }
  if (end !== total) throw malformed(`it counts ${end} ${what}, not ${total}`);
  return starts;
}

function malformed(why: string): AppError {
  return new AppError('MODEL_HASH_MISMATCH', `The file is not a language model: ${why}.`);
}

/** Index of `value` in the ascending array[low, high); -1 when it is not there. */
function find(array: Uint16Array, low: number, high: number, value: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((array[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from < high && array[from] === value ? from : -1;
}

/** Slots, a power of two: 8,192 answer half of all look-ups, nearly as many as 65,536 would. */
const SLOTS = 1 << 13;

/**
 * Scores of words after their contexts. The beam asks for the same ones frame after frame, and a
 * look-up in the language model is two binary searches, so the newest answers are kept: each in
 * the one slot that its key falls on.
 */
export class WordScores {
  /** Natural log-probability in each slot. */
  readonly score = new Float32Array(SLOTS);
  /** In each slot, where the language model keeps the bigram (v, word). */
  readonly bigram = new Int32Array(SLOTS);
  private readonly context = new Int32Array(SLOTS).fill(-1);
  private readonly word = new Uint16Array(SLOTS);

  constructor(private readonly model: LanguageModel) {}

  /** The slot that holds the answer for a word after a context, of which the bigram is known. */
  find(context: number, contextBigram: number, word: number): number {
    const mixed = Math.imul(context, 0x9e3779b1) ^ Math.imul(word, 0x85ebca6b);
    const slot = (mixed ^ (mixed >>> 15)) & (SLOTS - 1);
    if (this.context[slot] === context && this.word[slot] === word) return slot;
    const v = context & WORD_MASK;
    const bigram = this.model.bigram(v, word);
    this.context[slot] = context;
    this.word[slot] = word;
    this.bigram[slot] = bigram;
    // sixteenths of small whole numbers are exact in single precision
    this.score[slot] = this.model.scoreAfter(contextBigram, v, bigram, word);
    return slot;
  }
}
