import type { SegmentRecord } from '@/lib/client/store';
import { joinWords } from '@/lib/core';
import { foldedWord } from '@/lib/transcript';
import type { Tools } from '../context';
import type { ReaderState } from '../reader-state';
import type { Doubt } from './doubts';
import { makeEdit, rowRef } from './edit-row';

/** Whether a review is at a word. */
export const isAt = (review: ReaderState['review'], { rowId, word }: Doubt): boolean =>
  review?.rowId === rowId && review.startMs === word.startMs;

/** Goes to the next doubtful word (1) or the one before (-1), round the ends; begins with the first. */
export function stepReview({ reader, doubts }: Tools, by: -1 | 1): void {
  const walked = doubts.walk();
  const at = walked.findIndex((doubt) => isAt(reader.getState().review, doubt));
  const next = walked[at < 0 ? 0 : (at + by + walked.length) % walked.length];
  reader.setState({ review: next ? { rowId: next.rowId, startMs: next.word.startMs } : null });
}

/** Every doubtful word that is written like one of them. */
export function wordsLike({ doubts }: Tools, doubt: Doubt): Doubt[] {
  const wanted = foldedWord(doubt.word.text);
  return doubts.walk().filter(({ word }) => foldedWord(word.text) === wanted);
}

/**
 * Says what was said in the place of doubtful words, and goes on to the next that is not among them.
 * @param text what was said; the word itself: it is right; empty: nothing was said
 */
export async function resolveDoubts(
  tools: Tools,
  which: readonly Doubt[],
  text: string,
): Promise<void> {
  const { editor, source, reader, doubts } = tools;
  if (!editor) return;
  const walked = doubts.walk();
  const at = walked.findIndex((doubt) => isAt(reader.getState().review, doubt));
  const left = [...walked.slice(at + 1), ...walked.slice(0, Math.max(0, at))];
  const next = left.find((doubt) => !which.includes(doubt));
  const rows = new Map(editor.rows().map((row) => [row.id, row]));
  const byRow = new Map<SegmentRecord, Doubt[]>();
  for (const doubt of which) {
    const row = rows.get(doubt.rowId);
    if (row) byRow.set(row, [...(byRow.get(row) ?? []), doubt]);
  }
  const wanted = text.replace(/\s+/g, ' ').trim();
  if (which.every(({ word }) => word.text === wanted))
    makeEdit(editor, {
      kind: 'confirm',
      rows: [...byRow].map(([row, own]) => ({
        row: rowRef(row),
        startMs: own.map(({ word }) => word.startMs),
      })),
    });
  else {
    const changes = [];
    for (const [row, own] of byRow) {
      const words =
        editor.wordsOf(row.index) ??
        (await source.readWords(row.index, row.index + 1)).get(row.index);
      if (!words) continue;
      const starts = new Set(own.map(({ word }) => word.startMs));
      const texts = words.map((word) => (starts.has(word.startMs) ? wanted : word.text));
      const changed = joinWords(texts.filter((one) => one !== ''));
      changes.push({ row: rowRef(row), seen: row.text, text: changed });
    }
    makeEdit(editor, { kind: 'text', changes });
  }
  doubts.decided(which);
  reader.setState({ review: next ? { rowId: next.rowId, startMs: next.word.startMs } : null });
}
