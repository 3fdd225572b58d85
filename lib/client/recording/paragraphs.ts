import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { LiveParagraph, LiveWord } from './types';

/** A pause of this length between two segments makes a paragraph, in samples. */
const PAUSE_SAMPLES = 1.5 * SAMPLE_RATE_HZ;

/**
 * Who speaks on and on gets a paragraph all the same: at the next pause after half a minute, and
 * after a minute and a half without one. The page draws each word of the last paragraph alone.
 */
const LONG_SAMPLES = 30 * SAMPLE_RATE_HZ;
const LONGEST_SAMPLES = 90 * SAMPLE_RATE_HZ;

/** Where live text begins a new paragraph. */
export class Paragraphs {
  private startSample: number | null = null;

  /**
   * Takes the segments in order.
   * @param startSample of the segment @param lastEndSample where the one before it ended
   * @returns whether it begins a paragraph behind another one
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
 * Paragraphs with other words for a stretch of speech: each of those that lie in it goes. A paragraph
 * that keeps its words is the same object.
 * @param startSample of the stretch, up to `endSample`
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
  // the paragraph that the stretch belongs to: the last one that begins before its end
  const home = paragraphs.findLastIndex((paragraph) => paragraph.startSample < endSample);
  return paragraphs.map((paragraph, at) => {
    const kept = paragraph.words.filter((word) => !liesIn(word));
    if (at !== home)
      return kept.length === paragraph.words.length ? paragraph : { ...paragraph, words: kept };
    const behind = kept.findIndex((word) => word.startSample >= startSample);
    const place = behind < 0 ? kept.length : behind;
    return { ...paragraph, words: kept.toSpliced(place, 0, ...words) };
  });
}
