/** NUL, and halves of characters: no text at all, which databases and encoders refuse. */
const BROKEN = /\0|\p{Cs}/u;

/**
 * What a line that others read must not hold besides: control characters, ends of lines and paragraphs, and
 * characters that reorder the text around them (embeddings, overrides, isolates), with which a name can be
 * made to look like another. Direction marks (U+200E, U+200F, U+061C), which Arabic and Hebrew need, reorder
 * nothing around them.
 */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** Whether a string is text that can be stored at all. */
export function isText(value: string): boolean {
  return !BROKEN.test(value);
}

/** Whether a name, note or title can be shown to others as it is: one line, nothing hidden in it. */
export function isPlainText(value: string): boolean {
  return !UNSHOWABLE.test(value);
}

/** The text without what `isPlainText` does not take; ends of lines and tabs become spaces. */
export function plainText(value: string): string {
  return value
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(new RegExp(UNSHOWABLE.source, 'gu'), '');
}

/** Letters of scripts that are written without spaces between words. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;

/** What a text has in which two words may meet without a space between. */
const MAYBE_WITHOUT_SPACE = new RegExp(`${UNSPACED.source}|[\\u3000-\\u303f\\uff00-\\uffef]`, 'u');

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
  const spaced = words.join(' ');
  if (!MAYBE_WITHOUT_SPACE.test(spaced)) return spaced;
  return words
    .map((word, at) => (at > 0 && needsSpace(words[at - 1] ?? '', word) ? ` ${word}` : word))
    .join('');
}

/** A file's name without its extension; the whole name where nothing else is left of it. */
export const bareName = (fileName: string): string =>
  fileName.replace(/\.[a-z0-9]{1,5}$/i, '').trim() || fileName;
