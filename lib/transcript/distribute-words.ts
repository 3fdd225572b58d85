import type { TranscriptSegment, Word } from './types';

/** Text of a segment with its place in the recording. */
type TimedText = Pick<TranscriptSegment, 'text' | 'startMs' | 'endMs'>;

/** The words of a text as they are written. */
export function wordsInText(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/**
 * The words of a segment that has a text and no times for its words, such as one that was typed: its
 * time is shared among them by their length. Nobody was unsure of any of them.
 */
export function distributeWords({ text, startMs, endMs }: TimedText): Word[] {
  const texts = wordsInText(text);
  const total = texts.reduce((sum, word) => sum + word.length, 0);
  const timeAt = (letters: number) =>
    startMs + Math.round(((endMs - startMs) * letters) / Math.max(1, total));
  let before = 0;
  return texts.map((word) => {
    const fromMs = timeAt(before);
    before += word.length;
    return { text: word, startMs: fromMs, endMs: timeAt(before), confidence: 1 };
  });
}

/** The words that a segment is shown and exported with. */
export function wordsOf(segment: TimedText, words: Word[]): Word[] {
  return words.length > 0 ? words : distributeWords(segment);
}
