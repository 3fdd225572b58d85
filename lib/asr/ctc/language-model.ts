import { AppError } from '../../core/errors';

/** Costs are stored as 1/16 of a natural logarithm. */
const COST_SCALE = 16;

const MAGIC = 'A2TLM01\n';
const HEADER_BYTES = 24;

/** Word ids with a meaning of their own; words that can be written begin at `FIRST_WORD`. */
export const SENTENCE_START = 0;
export const SENTENCE_END = 1;
export const FIRST_WORD = 3;

/** Two word ids share one 30-bit number as a context; so there are at most 2^15 words. */
export const WORD_BITS = 15;

/**
 * Word trigrams with back-off, and the pronunciations of the words: `lm.bin`.
 *
 * Little-endian, packed: magic; uint32 number of words V, bigrams B, trigrams T, bytes of the word
 * block; the word block (UTF-8, one line for each word: word TAB pronunciation TAB …, phones joined
 * by spaces); uint8[V] unigram costs; uint8[V] back-off costs; uint32[V+1] where each word's
 * bigrams start; uint16[B] second words (ascending for each first word); uint8[B] costs; uint8[B]
 * back-off costs; uint32[B+1] where each bigram's trigrams start; uint16[T] third words; uint8[T]
 * costs.
 */
export class LanguageModel {
  readonly words: readonly string[];
  /** Of each word, its pronunciations: phones joined by spaces. */
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
    const magic =
      buffer.byteLength < HEADER_BYTES
        ? ''
        : new TextDecoder('latin1').decode(new Uint8Array(buffer, 0, MAGIC.length));
    if (magic !== MAGIC) throw malformed('it does not begin like one');
    const header = new DataView(buffer, MAGIC.length, HEADER_BYTES - MAGIC.length);
    const [words, bigrams, trigrams, block] = [0, 4, 8, 12].map((at) =>
      header.getUint32(at, true),
    ) as [number, number, number, number]; // four offsets give four numbers
    const wanted =
      HEADER_BYTES + block + 2 * words + 4 * (words + 1) + 4 * bigrams + 4 * (bigrams + 1);
    if (buffer.byteLength !== wanted + 3 * trigrams)
      throw malformed(`it has ${buffer.byteLength} bytes, not ${wanted + 3 * trigrams}`);
    if (words > 1 << WORD_BITS) throw malformed(`it has ${words} words`);

    let at = HEADER_BYTES;
    // the file is packed, so the wider arrays are copied out to be aligned
    const take = (bytes: number): ArrayBuffer => {
      at += bytes;
      return buffer.slice(at - bytes, at);
    };
    const rows = new TextDecoder().decode(take(block)).split('\n');
    if (rows.length !== words) throw malformed(`${rows.length} lines for ${words} words`);
    const fields = rows.map((row) => row.split('\t'));
    this.words = fields.map(([word = '']) => word);
    this.pronunciations = fields.map((row) => row.slice(1));
    this.unigramCost = new Uint8Array(take(words));
    this.unigramBackOff = new Uint8Array(take(words));
    this.bigramStart = new Uint32Array(take(4 * (words + 1)));
    this.bigramWord = new Uint16Array(take(2 * bigrams));
    this.bigramCost = new Uint8Array(take(bigrams));
    this.bigramBackOff = new Uint8Array(take(bigrams));
    this.trigramStart = new Uint32Array(take(4 * (bigrams + 1)));
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
