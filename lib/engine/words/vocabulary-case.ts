import type { RecognisedWord } from '@/lib/engine';
import { FUNCTION_WORDS, wordsWithinLimits } from '@/lib/engine';

/** Marks before a word, the word, and what may come after: a possessive, marks. */
export const MARKED = /^([^\p{L}\p{N}]*)(.*?)((?:['’]s)?[^\p{L}\p{N}]*)$/su;

/**
 * Words of the user's list with the capitals that it gives them. A list in small letters asks for none:
 * a sentence may begin with such a word. Nor does a word of grammar that is an entry by itself: "IT" is not every "it".
 */
export function withVocabularyCase(
  words: readonly RecognisedWord[],
  phrases: readonly string[],
): RecognisedWord[] {
  const listed = wordsWithinLimits(phrases)
    .filter(
      (phrase) =>
        phrase !== phrase.toLowerCase() && !FUNCTION_WORDS.has(coreOf(phrase).toLowerCase()),
    )
    .map((phrase) => phrase.split(' '))
    // a phrase counts before its words
    .sort((a, b) => b.length - a.length);
  if (listed.length === 0) return [...words];
  const byFirst = new Map<string, string[][]>();
  for (const phrase of listed) {
    const key = coreOf(phrase[0] ?? '').toLowerCase();
    byFirst.set(key, [...(byFirst.get(key) ?? []), phrase]);
  }
  const cores = words.map(({ text }) => coreOf(text).toLowerCase());
  const written = [...words];
  for (let at = 0; at < words.length; at++) {
    const phrase = byFirst
      .get(cores[at] ?? '')
      ?.find((forms) =>
        forms.every((form, index) => coreOf(form).toLowerCase() === cores[at + index]),
      );
    if (!phrase) continue;
    for (const [index, form] of phrase.entries()) {
      const word = words[at + index];
      if (word) written[at + index] = { ...word, text: inCase(word.text, coreOf(form)) };
    }
    at += phrase.length - 1;
  }
  return written;
}

function coreOf(text: string): string {
  return MARKED.exec(text)?.[2] ?? '';
}

/** Another word with the marks of this one. @param core the other word */
export function inCase(text: string, core: string): string {
  const [, before = '', , after = ''] = MARKED.exec(text) ?? [];
  return before + core + after;
}
