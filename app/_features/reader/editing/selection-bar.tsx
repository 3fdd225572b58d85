import { Copy, Merge, Trash2, X } from 'lucide-react';
import { type RefObject, useEffect } from 'react';
import { attempt, Button, IconButton } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import { joinWords, newId } from '@/lib/core';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import type { ReaderStore, RowSelection } from '../reader-state';
import { makeEdit, rowRef } from './commands';

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
 * Replaces the selected rows with paragraphs in one step, and puts the caret after them.
 * @param burst the burst of typing that begins with this: all of it is undone in one step
 */
export function replaceSelected(
  editor: Editor,
  reader: ReaderStore,
  texts: readonly string[],
  burst?: string,
): void {
  const rows = selectedRows(editor.rows(), reader.getState().selected);
  const paragraphs = texts.map((text) => ({ text, newId: newId() }));
  const last = paragraphs.at(-1);
  if (rows.length === 0 || !last) return;
  const edit = { kind: 'paste' as const, rows: rows.map(rowRef), paragraphs };
  if (makeEdit(editor, edit, burst) === false) return;
  reader.setState({
    selected: null,
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

/** What can be done with rows that are selected. */
export function SelectionBar({ segments }: { segments: readonly SegmentRecord[] }) {
  const { editor, reader } = useTools();
  const rows = selectedRows(
    segments,
    useReader((state) => state.selected),
  );
  if (!editor || rows.length === 0) return null;
  return (
    <section
      aria-label={t('selectedSegments')}
      className="fixed inset-x-0 bottom-40 z-20 mx-auto flex w-fit max-w-[calc(100%-1rem)] flex-wrap items-center gap-1 rounded-xl border border-line bg-surface p-2 shadow-raised"
    >
      <p role="status" className="px-2 text-sm tabular-nums">
        {t('segmentsSelected', { count: rows.length })}
      </p>
      <Button
        tone="quiet"
        shortens
        icon={<Copy aria-hidden size={16} />}
        onClick={() => void attempt(() => navigator.clipboard.writeText(textOfRows(rows)))}
      >
        {t('copySelected')}
      </Button>
      {rows.length > 1 && (
        <Button
          tone="quiet"
          shortens
          icon={<Merge aria-hidden size={16} />}
          onClick={() => joinSelected(editor, reader)}
        >
          {t('joinSelected')}
        </Button>
      )}
      <Button
        tone="quiet"
        shortens
        icon={<Trash2 aria-hidden size={16} />}
        onClick={() => deleteSelected(editor, reader)}
      >
        {t('deleteSelected')}
      </Button>
      <IconButton label={t('clearSelection')} onClick={() => reader.setState({ selected: null })}>
        <X aria-hidden size={18} />
      </IconButton>
    </section>
  );
}

/** Selects rows by the pointer: from the one with the caret to one pressed with Shift, or dragged to. */
export function useRowSelection(region: RefObject<HTMLElement | null>): void {
  const { editor, reader } = useTools();
  const editing = useReader((state) => state.editing);
  useEffect(() => {
    const element = region.current;
    if (!element || !editor || !editing) return;
    const scope = new AbortController();
    const { signal } = scope;
    const idOf = (row: HTMLElement | null | undefined) =>
      row ? (editor.rows()[Number(row.dataset.row)]?.id ?? null) : null;
    const rowAt = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    /** The row at a height of the window, or the last one above it. */
    const rowAtHeight = (y: number) => {
      const [first, ...others] = element.querySelectorAll<HTMLElement>('[data-row]');
      return others.findLast((row) => row.getBoundingClientRect().top <= y) ?? first;
    };
    /** Focuses the text if needed: keys act on a selection only there, and a row can be pressed beside its text. */
    const holdKeys = () => {
      const { selected } = reader.getState();
      const { activeElement } = document;
      const isHeld = activeElement?.matches('[role="textbox"]') && element.contains(activeElement);
      if (selected && !isHeld) reader.setState({ caret: { rowId: selected.head, offset: 0 } });
    };
    /** Where a button was pressed. */
    let anchor: string | null = null;
    element.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        const pressed = idOf(rowAt(event.target));
        const { selected, active } = reader.getState();
        const begun = selected?.anchor ?? editor.rows()[active.row]?.id;
        anchor = null;
        if (event.shiftKey && pressed && begun && (selected || pressed !== begun)) {
          reader.setState({ selected: { anchor: begun, head: pressed } });
          holdKeys();
        } else {
          anchor = pressed;
          reader.setState({ selected: null });
        }
      },
      { signal },
    );
    // the focus and the caret stay where they were
    element.addEventListener(
      'mousedown',
      (event) => {
        if (event.shiftKey && reader.getState().selected) event.preventDefault();
      },
      { signal },
    );
    // on `window`, since a fast pointer may leave the text between two events
    window.addEventListener(
      'pointermove',
      ({ target, clientY, buttons, pointerType }) => {
        if (anchor === null || (buttons & 1) === 0 || pointerType === 'touch') return;
        const head = idOf(rowAt(target) ?? rowAtHeight(clientY));
        const { selected } = reader.getState();
        if (head === null || head === (selected?.head ?? anchor)) return;
        reader.setState({ selected: head === anchor ? null : { anchor, head } });
      },
      { signal },
    );
    // cancelled where the browser begins to move selected text
    for (const type of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(
        type,
        () => {
          if (anchor !== null) holdKeys();
          anchor = null;
        },
        { signal },
      );
    return () => {
      scope.abort();
      reader.setState({ selected: null });
    };
  }, [region, editor, reader, editing]);
}
