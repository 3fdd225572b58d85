import type { LiveWord } from './types';

/**
 * Words this near to the end of what was heard are not settled, in samples (0.3 s): the network
 * has not heard what follows them.
 */
const EDGE_SAMPLES = 4_800;

/** Two hypotheses mean the same word when it begins within this many samples (0.4 s). */
const NEAR_SAMPLES = 6_400;

/**
 * Settles words by the agreement of two hypotheses in a row about the same growing speech: what
 * both begin with will seldom change (local agreement: Liu, Spanakis and Niehues 2020; Macháček,
 * Dabre and Bojar 2023). Settled words stay as they are, whatever later hypotheses say.
 */
export class LocalAgreement {
  /** Settled words that a hypothesis of the open segment may hold again. */
  private settled: LiveWord[] = [];
  private previous: LiveWord[] = [];

  /**
   * Takes the next hypothesis of the open segment.
   * @param words all of the segment's, in order
   * @param heardSample up to which it heard
   */
  update(
    words: readonly LiveWord[],
    processedToSample: number,
  ): { settled: LiveWord[]; partial: LiveWord[] } {
    const fresh = this.behindSettled(words);
    let count = 0;
    while (
      count < fresh.length &&
      this.isAgreed(fresh[count], this.previous[count], processedToSample)
    )
      count += 1;
    const settled = fresh.slice(0, count);
    const partial = fresh.slice(count);
    this.settled.push(...settled);
    this.previous = partial;
    return { settled, partial };
  }

  /** Takes the last hypothesis of a segment: all of it is settled. */
  finish(words: readonly LiveWord[]): LiveWord[] {
    const fresh = this.behindSettled(words);
    this.settled.push(...fresh);
    this.previous = [];
    return fresh;
  }

  /** The next segment begins here: what was settled before is of no use any more. */
  begin(startSample: number): void {
    this.settled = this.settled.filter(({ endSample }) => endSample > startSample);
    this.previous = [];
  }

  /** What a hypothesis says behind the words that are settled. */
  private behindSettled(words: readonly LiveWord[]): LiveWord[] {
    const last = this.settled.at(-1);
    if (!last) return [...words];
    // mostly the hypothesis begins with them, word for word
    const start = words.findIndex((word) => isSame(word, this.settled[0]));
    const sameText =
      start >= 0 && this.settled.every((word, at) => isSame(word, words[start + at]));
    if (sameText) return words.slice(start + this.settled.length);
    // else it says something else in their place: what lies behind them in time is new
    return words.filter(
      ({ startSample, endSample }) => (startSample + endSample) / 2 >= last.endSample,
    );
  }

  private isAgreed(
    word: LiveWord | undefined,
    before: LiveWord | undefined,
    processedToSample: number,
  ): boolean {
    return (
      word !== undefined &&
      isSame(word, before) &&
      word.endSample <= processedToSample - EDGE_SAMPLES
    );
  }
}

function isSame(word: LiveWord, other: LiveWord | undefined): boolean {
  return (
    other !== undefined &&
    Math.abs(word.startSample - other.startSample) <= NEAR_SAMPLES &&
    plain(word.text) === plain(other.text)
  );
}

/** Case and punctuation depend on what follows. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
