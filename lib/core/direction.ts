/** Which way lines of text run. */
export type Direction = 'ltr' | 'rtl';

/** Scripts that are written from right to left (ISO 15924), in living use or encoded with letters. */
const RIGHT_TO_LEFT = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Mend',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
  'Yezi',
]);

const LETTER = /\p{L}/gu;

/** The blocks that Unicode keeps for letters that run from right to left (UAX 9, table of defaults). */
const RIGHT_TO_LEFT_LETTER =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** This many letters say which way a text runs. */
const SAMPLE_LETTERS = 2000;

/** How many of a text's first letters run which way. */
function countLetters(texts: Iterable<string>): Record<Direction, number> {
  const counts = { ltr: 0, rtl: 0 };
  for (const text of texts) {
    for (const [letter] of text.matchAll(LETTER)) {
      counts[RIGHT_TO_LEFT_LETTER.test(letter) ? 'rtl' : 'ltr'] += 1;
      if (counts.ltr + counts.rtl >= SAMPLE_LETTERS) return counts;
    }
  }
  return counts;
}

/** The way in which a language is written; `null` for what is not a language tag. */
export function directionOfLanguage(tag: string): Direction | null {
  try {
    const { script } = new Intl.Locale(tag).maximize();
    return script !== undefined && RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr';
  } catch {
    return null; // not well-formed
  }
}

/**
 * The way in which a text runs: that of most of its letters, else of its language. Not that of its
 * first letter: an Arabic sentence may begin with a name in Latin letters.
 * @param language BCP 47
 */
export function directionOfText(texts: Iterable<string>, language: string): Direction {
  const { ltr, rtl } = countLetters(texts);
  return ltr === rtl ? (directionOfLanguage(language) ?? 'ltr') : rtl > ltr ? 'rtl' : 'ltr';
}

/**
 * The way in which a paragraph of a longer text runs: that of the whole, unless all of its letters run
 * the other way.
 */
export function directionOfParagraph(text: string, whole: Direction): Direction {
  const { ltr, rtl } = countLetters([text]);
  const other = whole === 'ltr' ? 'rtl' : 'ltr';
  return { ltr, rtl }[whole] === 0 && { ltr, rtl }[other] > 0 ? other : whole;
}

/** Attributes of a text for browsers and screen readers. */
export interface TextAttributes {
  dir: Direction;
  /** BCP 47; empty where the language given cannot be that of these letters. */
  lang: string;
}

/** The attributes of an element with this text. @param language as it is known, BCP 47 */
export function textAttributes(texts: Iterable<string>, language: string): TextAttributes {
  const dir = directionOfText(texts, language);
  return { dir, lang: directionOfLanguage(language) === dir ? language : '' };
}

/** Whether a text begins with a letter that runs from right to left. */
export function startsRightToLeft(text: string): boolean {
  const [first = ''] = text;
  return RIGHT_TO_LEFT_LETTER.test(first) && /\p{L}/u.test(first);
}

const ISOLATE = '\u2068';
const END_OF_ISOLATE = '\u2069';

/**
 * A text as part of another one that can hold nothing but text, such as a message or a window's title: a text
 * that runs from right to left does not reorder what is around it.
 * @param around the way in which the other text runs; from right to left, all that stands in it is isolated
 */
export function isolated(text: string, around: Direction = 'ltr'): string {
  return around === 'rtl' || RIGHT_TO_LEFT_LETTER.test(text)
    ? `${ISOLATE}${text}${END_OF_ISOLATE}`
    : text;
}
