import type { LiveWord } from './ports';

/**
 * Words this close to the end of the processed audio are not final, in samples (0.3 s): the network has not
 * seen what follows them.
 */
const EDGE_SAMPLES = 4_800;

/** Two hypotheses agree on a word if its starts are within this many samples (0.4 s). */
const NEAR_SAMPLES = 6_400;

/**
 * LocalAgreement-2: words are final once two consecutive hypotheses of the growing segment agree on them,
 * since their common prefix seldom changes (Liu, Spanakis and Niehues 2020; Macháček, Dabre and Bojar
 * 2023). Final words do not change, whatever later hypotheses say.
 */
export class LocalAgreement {
  /** Final words that a hypothesis of the open segment may contain again. */
  private final: LiveWord[] = [];
  private previous: LiveWord[] = [];

  /**
   * Takes the next hypothesis of the open segment.
   * @param words all of the segment's, in order
   * @param processedToSample end of the audio that it is based on
   */
  update(
    words: readonly LiveWord[],
    processedToSample: number,
  ): { final: LiveWord[]; partial: LiveWord[] } {
    const fresh = this.afterFinal(words);
    let count = 0;
    while (
      count < fresh.length &&
      this.isAgreed(fresh[count], this.previous[count], processedToSample)
    )
      count += 1;
    const final = fresh.slice(0, count);
    const partial = fresh.slice(count);
    this.final.push(...final);
    this.previous = partial;
    return { final, partial };
  }

  /** Takes the last hypothesis of a segment: all of it is final. */
  finish(words: readonly LiveWord[]): LiveWord[] {
    const fresh = this.afterFinal(words);
    this.final.push(...fresh);
    this.previous = [];
    return fresh;
  }

  /** The next segment starts here: earlier final words are no longer needed. */
  begin(startSample: number): void {
    this.final = this.final.filter(({ endSample }) => endSample > startSample);
    this.previous = [];
  }

  /** The words of a hypothesis after the final ones. */
  private afterFinal(words: readonly LiveWord[]): LiveWord[] {
    const last = this.final.at(-1);
    if (!last) return [...words];
    // usually the hypothesis begins with them, word for word
    const start = words.findIndex((word) => isSame(word, this.final[0]));
    const sameText = start >= 0 && this.final.every((word, at) => isSame(word, words[start + at]));
    if (sameText) return words.slice(start + this.final.length);
    // otherwise it has different words in their place: only what is later in time is new
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

/** Without case and punctuation, which depend on what follows. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
