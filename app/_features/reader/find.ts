import { needsSpace } from '@/lib/core';

/** A match: characters [from, to) of a row's text. */
export interface Match {
  row: number;
  from: number;
  to: number;
}

/** What counts as a match. */
export interface FindOptions {
  matchCase: boolean;
  wholeWord: boolean;
}

const LETTER = /[\p{L}\p{N}\p{M}]/u;

/** Every place of a query in the rows' texts, in order. */
export function findMatches(
  texts: readonly string[],
  query: string,
  { matchCase, wholeWord }: FindOptions = { matchCase: false, wholeWord: false },
): Match[] {
  const folded = (text: string) => (matchCase ? text : lowerCase(text));
  const wanted = folded(query.trim());
  if (wanted === '') return [];
  const matches: Match[] = [];
  texts.forEach((text, row) => {
    const searched = folded(text);
    let at = searched.indexOf(wanted);
    while (at >= 0) {
      const to = at + wanted.length;
      const isInWord = LETTER.test(searched[at - 1] ?? '') || LETTER.test(searched[to] ?? '');
      if (!wholeWord || !isInWord) matches.push({ row, from: at, to });
      at = searched.indexOf(wanted, to);
    }
  });
  return matches;
}

/** Lower case with unchanged offsets: "İ" stays as it is, since its lower case is two characters long. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  }).join('');
}

/** Replaces some matches in a text. @param matches in order */
export function replaceMatches(
  text: string,
  matches: readonly Pick<Match, 'from' | 'to'>[],
  replacement: string,
): string {
  let rest = 0;
  let replaced = '';
  for (const { from, to } of matches) {
    replaced += text.slice(rest, from) + replacement;
    rest = to;
  }
  return replaced + text.slice(rest);
}

/** Matches by their row. */
export function matchesByRow(matches: readonly Match[]): Map<number, Match[]> {
  const rows = new Map<number, Match[]>();
  for (const match of matches) {
    const known = rows.get(match.row);
    if (known) known.push(match);
    else rows.set(match.row, [match]);
  }
  return rows;
}

/**
 * The words a match touches, as indices, where the row's text is its words joined.
 * @param isSpaced whether a space is between two of them
 */
export function wordsOfMatch(
  words: readonly string[],
  { from, to }: Match,
  isSpaced: (before: string, after: string) => boolean = needsSpace,
): number[] {
  const touched: number[] = [];
  let start = 0;
  words.forEach((word, at) => {
    const end = start + word.length;
    if (start < to && end > from) touched.push(at);
    start = end + (isSpaced(word, words[at + 1] ?? '') ? 1 : 0);
  });
  return touched;
}

/** The match after (1) or before (-1) this one, wrapping around; -1 when there is none. */
export function stepMatch(current: number, by: -1 | 1, count: number): number {
  return count === 0 ? -1 : (current + by + count) % count;
}

/** The first match at or below a row, else the first of all; -1 when there is none. */
export function matchFrom(matches: readonly Match[], row: number): number {
  if (matches.length === 0) return -1;
  return Math.max(
    0,
    matches.findIndex((match) => match.row >= row),
  );
}
