import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { LiveParagraph, LiveWord } from './ports';

/** A pause of this length between two segments starts a paragraph, in samples. */
const PAUSE_SAMPLES = 1.5 * SAMPLE_RATE_HZ;

/**
 * Continuous speech is divided as well: at the next pause after half a minute, or after a minute and a half
 * without one. The page renders each word of the last paragraph separately.
 */
const LONG_SAMPLES = 30 * SAMPLE_RATE_HZ;
const LONGEST_SAMPLES = 90 * SAMPLE_RATE_HZ;

/** Decides where live text starts a new paragraph. */
export class Paragraphs {
  private startSample: number | null = null;

  /**
   * Takes the segments in order.
   * @param startSample of the segment @param lastEndSample where the one before it ended
   * @returns whether it starts a new paragraph after another one
   */
  begins(startSample: number, lastEndSample: number): boolean {
    const from = this.startSample;
    this.startSample ??= startSample;
    if (from === null) return false;
    const pause = startSample - lastEndSample;
    const length = startSample - from;
    const begins =
      pause >= PAUSE_SAMPLES || (pause > 0 && length >= LONG_SAMPLES) || length >= LONGEST_SAMPLES;
    if (begins) this.startSample = startSample;
    return begins;
  }
}

/**
 * Replaces the words within a span of speech. Paragraphs whose words do not change are the same objects.
 * @param startSample of the span, which ends at `endSample`
 */
export function withWords(
  paragraphs: readonly LiveParagraph[],
  startSample: number,
  endSample: number,
  words: readonly LiveWord[],
): LiveParagraph[] {
  const liesIn = ({ startSample: from, endSample: to }: LiveWord) => {
    const middle = (from + to) / 2;
    return middle >= startSample && middle < endSample;
  };
  // the paragraph of the span: the last one that starts before its end
  const home = paragraphs.findLastIndex((paragraph) => paragraph.startSample < endSample);
  return paragraphs.map((paragraph, at) => {
    const kept = paragraph.words.filter((word) => !liesIn(word));
    if (at !== home)
      return kept.length === paragraph.words.length ? paragraph : { ...paragraph, words: kept };
    const firstAfter = kept.findIndex((word) => word.startSample >= startSample);
    const place = firstAfter < 0 ? kept.length : firstAfter;
    return { ...paragraph, words: kept.toSpliced(place, 0, ...words) };
  });
}
