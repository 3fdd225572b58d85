import type { NumberStyle, RecognisedWord } from '@/lib/engine';
import { figuresIn } from './figures';
import { rewriteWords } from './rewrite';
import { wordsIn } from './spelled';

/**
 * Writes the numbers of a text one way. Only English ones are known: other texts stay as they are.
 * @param words in order, of one speech segment
 * @param language BCP 47 of the text; `null`: it is not known
 */
export function writeNumbers(
  words: readonly RecognisedWord[],
  style: NumberStyle,
  language: string | null,
): RecognisedWord[] {
  if (style === 'as-is' || !/^en\b/i.test(language ?? '')) return [...words];
  const texts = words.map(({ text }) => text);
  return rewriteWords(words, style === 'figures' ? figuresIn(texts) : wordsIn(texts));
}
