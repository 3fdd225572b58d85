/** Letters of scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;

/** Punctuation as wide as a Chinese character: it brings its own room. */
const WIDE_END = /(?=\p{P})[\u3000-\u303f\uff00-\uffef]$/u;
const WIDE_START = /^(?=\p{P})[\u3000-\u303f\uff00-\uffef]/u;

/** The letter or figure at a word's end or start, marks passed over. */
const LAST_LETTER = /([^\p{P}\p{S}\s])[\p{P}\p{S}\s]*$/u;
const FIRST_LETTER = /[^\p{P}\p{S}\s]/u;

/** Whether a text has letters of scripts that are written without spaces between words. */
export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text);
}

/**
 * Whether two words that follow each other are written with a space between. Decided by the letters
 * that meet, not by the language: none between two of Chinese, Japanese, Thai, Lao, Khmer or Burmese,
 * and none at their wide punctuation; one where such a letter meets any other.
 */
export function needsSpace(before: string, after: string): boolean {
  if (WIDE_END.test(before) || WIDE_START.test(after)) return false;
  const last = LAST_LETTER.exec(before)?.[1] ?? '';
  const first = FIRST_LETTER.exec(after)?.[0] ?? '';
  return !(isUnspaced(last) && isUnspaced(first));
}

/** The text that words in order make. @param words not empty, without spaces around */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word, at) => (at > 0 && needsSpace(words[at - 1] ?? '', word) ? ` ${word}` : word))
    .join('');
}
