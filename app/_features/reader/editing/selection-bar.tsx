import { Copy, Merge, Trash2, X } from 'lucide-react';
import { type RefObject, useEffect } from 'react';
import { attempt, Button, IconButton } from '@/app/_features/ui';
import type { SegmentRecord } from '@/lib/client/store';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import { deleteSelected, joinSelected, selectedRows, textOfRows } from './row-selection';

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
    /** Keys act on what is selected from the text that has the focus: a row can be pressed beside its text, too. */
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
    // a quick hand leaves the text, and comes back, between two events
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
