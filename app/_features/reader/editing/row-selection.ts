import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import { joinWords } from '@/lib/core';
import type { ReaderStore, RowSelection } from '../reader-state';
import { makeEdit, rowRef } from './edit-row';

/** The rows of a selection, in order; none where one of its ends is gone. */
export function selectedRows(
  rows: readonly SegmentRecord[],
  selected: RowSelection | null,
): readonly SegmentRecord[] {
  if (!selected) return [];
  const anchor = rows.findIndex(({ id }) => id === selected.anchor);
  const head = rows.findIndex(({ id }) => id === selected.head);
  if (anchor < 0 || head < 0) return [];
  return rows.slice(Math.min(anchor, head), Math.max(anchor, head) + 1);
}

/** A selection whose head is one row further; the same at the end of the text. */
export function extended(
  rows: readonly SegmentRecord[],
  { anchor, head }: RowSelection,
  by: -1 | 1,
): RowSelection {
  const at = rows.findIndex(({ id }) => id === head);
  return { anchor, head: rows[at + by]?.id ?? head };
}

/** Rows as the text that is copied: one a line. */
export function textOfRows(rows: readonly SegmentRecord[]): string {
  return rows.map(({ text }) => text).join('\n');
}

/** Deletes the selected rows in one step, and puts the caret where they were. */
export function deleteSelected(editor: Editor, reader: ReaderStore): void {
  const all = editor.rows();
  const rows = selectedRows(all, reader.getState().selected);
  const [first] = rows;
  const last = rows.at(-1);
  reader.setState({ selected: null });
  if (!first || !last) return;
  const next = all[all.indexOf(last) + 1];
  const before = all[all.indexOf(first) - 1];
  makeEdit(editor, { kind: 'delete', rows: rows.map(rowRef) });
  if (next) reader.setState({ caret: { rowId: next.id, offset: 0 } });
  else if (before) reader.setState({ caret: { rowId: before.id, offset: before.text.length } });
}

/**
 * Puts paragraphs in the place of the selected rows in one step, and the caret behind them.
 * @param burst of typing that begins with it: all of it is one step
 */
export function replaceSelected(
  editor: Editor,
  reader: ReaderStore,
  texts: readonly string[],
  burst?: string,
): void {
  const rows = selectedRows(editor.rows(), reader.getState().selected);
  reader.setState({ selected: null });
  const paragraphs = texts.map((text) => ({ text, newId: crypto.randomUUID() }));
  const last = paragraphs.at(-1);
  if (rows.length === 0 || !last) return;
  makeEdit(editor, { kind: 'paste', rows: rows.map(rowRef), paragraphs }, burst);
  reader.setState({
    caret: {
      rowId: last.newId,
      offset: last.text.length,
      ...(burst !== undefined && { burst }),
    },
  });
}

/** Makes one row of the selected ones, in one step; the words keep their times. */
export function joinSelected(editor: Editor, reader: ReaderStore): void {
  const rows = selectedRows(editor.rows(), reader.getState().selected);
  if (rows.length < 2) return;
  replaceSelected(editor, reader, [joinWords(rows.map(({ text }) => text))]);
}
