import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import { type Word, wordsOf } from '@/lib/transcript';
import { makeEdit, rowRef } from './edit-row';

/** The border between a segment and the one before it. */
export interface Border {
  before: SegmentRecord;
  row: SegmentRecord;
}

/** Where a border comes to when it is dropped at a time: at the start of a word, and either side keeps one. */
export function borderNear(words: readonly Word[], atMs: number): number | null {
  const inner = words.slice(1);
  // a word goes to the side on which most of it lies
  const next = inner.find(({ startMs, endMs }) => (startMs + endMs) / 2 >= atMs);
  return (next ?? inner.at(-1))?.startMs ?? null;
}

/** Where a border comes to when it is moved by a word; `null`: no word is left to move. */
export function borderByWord(
  before: readonly Word[],
  after: readonly Word[],
  by: -1 | 1,
): number | null {
  if (by < 0) return before.length > 1 ? (before.at(-1)?.startMs ?? null) : null;
  return after[1]?.startMs ?? null;
}

/** The words on both sides of a border, as far as the page has them. */
export function wordsAround(editor: Editor, { before, row }: Border): [Word[], Word[]] {
  const of = (one: SegmentRecord) => wordsOf(one, editor.wordsOf(one.index) ?? []);
  return [of(before), of(row)];
}

/** Moves the start of a segment by a word, if there is one to move. */
export function moveBorderByWord(editor: Editor, rowId: string, by: -1 | 1): void {
  const rows = editor.rows();
  const at = rows.findIndex(({ id }) => id === rowId);
  const [before, row] = [rows[at - 1], rows[at]];
  if (!before || !row) return;
  const atMs = borderByWord(...wordsAround(editor, { before, row }), by);
  if (atMs !== null) moveBorderTo(editor, { before, row }, atMs);
}

/** Moves a border to the start of a word. */
export function moveBorderTo(editor: Editor, { row }: Border, atMs: number): void {
  makeEdit(editor, { kind: 'border', row: rowRef(row), atMs });
}
