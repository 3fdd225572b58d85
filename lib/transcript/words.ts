import { isUnspaced } from '@/lib/core';
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

/** Made at the first text that needs it: loading the dictionaries takes some milliseconds. */
let segmenter: Intl.Segmenter | null = null;

/**
 * The words of a text that was typed: what stands between spaces. Scripts that are written without spaces
 * are divided by the dictionaries of the platform; punctuation belongs to the word before it.
 */
export function tokenise(text: string): string[] {
  const words = wordsInText(text);
  // asked once for a whole book, not for each of its words
  if (!isUnspaced(text)) return words;
  return words.flatMap((word) => (isUnspaced(word) ? divide(word) : [word]));
}

function divide(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const words: string[] = [];
  let opening = '';
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (isWordLike) {
      words.push(opening + segment);
      opening = '';
    } else if (words.length === 0 || /^[\p{Ps}\p{Pi}]/u.test(segment)) opening += segment;
    else words.push((words.pop() ?? '') + segment);
  }
  if (opening !== '') words.push((words.pop() ?? '') + opening);
  return words;
}
