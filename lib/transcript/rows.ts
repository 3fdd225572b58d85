import { joinWords } from '@/lib/core';
import type { Speaker, TranscriptSegment, Word } from './types';
import { distributeWords } from './words';

/**
 * A segment at its place: rows are in order of `index`. Recognised ones have whole numbers, and what is
 * put between two of them a fraction between theirs.
 */
export interface Row extends TranscriptSegment {
  index: number;
}

/** Names a row as somebody saw it. It is found by its id, or else by its time. */
export type RowRef = Pick<Row, 'index' | 'id' | 'startMs' | 'endMs'>;

/** The speaker of a row, before and after. */
export interface Relabelled {
  index: number;
  id: string;
  before: string | null;
  after: string | null;
}

/** What an edit did to the rows, in a form that can be taken back. */
export interface EditPatch {
  removed: Row[];
  added: Row[];
  /** Rows whose speaker alone changed. */
  relabelled: Relabelled[];
  /** The list of speakers, if it changed. */
  speakers: { before: Speaker[]; after: Speaker[] } | null;
}

/** A patch that changes nothing. */
export const NO_EFFECT: EditPatch = { removed: [], added: [], relabelled: [], speakers: null };

/** The patch that takes another one back. */
export function inverted({ removed, added, relabelled, speakers }: EditPatch): EditPatch {
  return {
    removed: added,
    added: removed,
    relabelled: relabelled.map(({ before, after, ...row }) => ({
      ...row,
      before: after,
      after: before,
    })),
    speakers: speakers && { before: speakers.after, after: speakers.before },
  };
}

/** Rows after a patch, in order. Rows that the patch does not name are the same objects. */
export function patched<T extends Pick<Row, 'index' | 'speakerId'>>(
  rows: readonly T[],
  patch: Pick<EditPatch, 'relabelled'> & {
    removed: readonly { index: number }[];
    added: readonly T[];
  },
): T[] {
  // a patch that is shown already, in a tab that has made the same edit, adds no row twice
  const gone = new Set([...patch.removed, ...patch.added].map(({ index }) => index));
  const labels = new Map(patch.relabelled.map(({ index, after }) => [index, after]));
  const next = rows.flatMap((row) => {
    if (gone.has(row.index)) return [];
    const label = labels.get(row.index);
    return label === undefined ? [row] : [{ ...row, speakerId: label }];
  });
  for (const row of patch.added) {
    let at = next.length;
    while (at > 0 && (next[at - 1]?.index ?? 0) > row.index) at--;
    next.splice(at, 0, row);
  }
  return next;
}

/** A row with other words: its text follows, and its time stays. */
export function withWords(row: Row, words: Word[]): Row {
  return { ...row, words, text: joinWords(words.map(({ text }) => text)) };
}

/** The words of a row; those of a text without word times share its time. */
export function wordsOfRow(row: Row): Word[] {
  return row.words.length > 0 ? row.words : distributeWords(row);
}

/** @returns a place between two rows; `null` if there is none left. @param after `null`: at the end */
export function indexBetween(before: number, after: number | null): number | null {
  // never a whole number: those are of recognised rows, and more of them may be coming
  if (after === null) return Math.floor(before) + 1.5;
  // nearer to the first: a text is mostly divided from its beginning to its end
  const between = before + (after - before) / 4;
  return between > before && between < after ? between : null;
}
