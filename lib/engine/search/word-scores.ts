import { type LanguageModel, WORD_MASK } from './language-model';

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
