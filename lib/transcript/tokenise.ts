import { isUnspaced } from '@/lib/core';

/** Made at the first text that needs it: loading the dictionaries takes some milliseconds. */
let segmenter: Intl.Segmenter | null = null;

/**
 * The words of a text that was typed: what stands between spaces. Scripts that are written without spaces
 * are divided by the dictionaries of the platform; punctuation belongs to the word before it.
 */
export function tokenise(text: string): string[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => (isUnspaced(word) ? divide(word) : [word]));
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
