import { compareWords, type TextRun } from './compare-words';

const PLAIN_WORD = /^[A-Za-z0-9]+$/;

/** A word as it sounds: letters of any case, without the punctuation around it. */
export function foldedWord(word: string): string {
  // most words begin and end with a letter: their pattern need not be looked for
  if (PLAIN_WORD.test(word)) return word.toLowerCase();
  const bare = word.toLowerCase().replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
  return bare === '' ? word : bare;
}

/**
 * How the words of two texts correspond, as runs in order that cover both: alternately the same words and
 * different ones.
 * @param fold what is compared of a word
 */
export function alignTexts(
  before: readonly string[],
  after: readonly string[],
  fold: (word: string) => string = (word) => word,
): TextRun[] {
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    const folded = fold(word);
    const known = numbers.get(folded) ?? numbers.size;
    if (known === numbers.size) numbers.set(folded, known);
    return known;
  };
  return compareWords(before.map(numberOf), after.map(numberOf));
}

/** A word of a merged text. */
interface MergedWord {
  text: string;
  /** Which of the present words it is; `null` for a new one. */
  index: number | null;
}

/**
 * Applies the change that somebody made to a text to what that text has become meanwhile: words deleted
 * go, words added come, and what others added stays. Words that both replaced are there twice rather than
 * lost, unless both wrote the same.
 * @param seen the words that were changed
 * @param changed what they were changed to
 * @param now the words there are now
 */
export function mergeTexts(
  seen: readonly string[],
  changed: readonly string[],
  now: readonly string[],
): MergedWord[] {
  const nowOf = new Array<number>(seen.length).fill(-1);
  // a word with another capital or comma by now is still that word
  for (const { isSame, oldFrom, oldTo, newFrom } of alignTexts(seen, now, foldedWord))
    if (isSame) for (let at = oldFrom; at < oldTo; at++) nowOf[at] = newFrom + at - oldFrom;
  const known = new Set(nowOf);
  const gone = new Set<number>();
  /** New words by the present word that they stand before. */
  const added = new Map<number, string[]>();
  for (const run of alignTexts(seen, changed)) {
    if (run.isSame) continue;
    for (let at = run.oldFrom; at < run.oldTo; at++) gone.add(nowOf[at] ?? -1);
    if (run.newTo === run.newFrom) continue;
    const next = nowOf.slice(run.oldTo).find((at) => at >= 0) ?? now.length;
    const words = changed.slice(run.newFrom, run.newTo);
    const from = next - words.length;
    const isThere = words.every((text, at) => now[from + at] === text && !known.has(from + at));
    if (!isThere) added.set(next, [...(added.get(next) ?? []), ...words]);
  }
  const merged: MergedWord[] = [];
  for (let at = 0; at <= now.length; at++) {
    for (const text of added.get(at) ?? []) merged.push({ text, index: null });
    const text = now[at];
    if (text !== undefined && !gone.has(at)) merged.push({ text, index: at });
  }
  return merged;
}
