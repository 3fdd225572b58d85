'use client';

import { memo, type RefObject, useLayoutEffect, useMemo, useRef } from 'react';
import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import { formatClock, needsSpace, newId } from '@/lib/core';
import { tokenise, UNSURE_BELOW, type Word, wordsOf } from '@/lib/transcript';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import type { Playback } from '../playback';
import type { ReaderState, ReaderStore } from '../reader-state';
import { RowFrame, type RowProps, useMarks } from '../row';
import { lengthOf, makeEdit, offsetInText, rowRef } from './commands';
import { EditableText } from './editable-text';
import { createAutosave, dragWords, pastedParagraphs, SelectionKeys } from './row-typing';

/** After a pause of this length, further typing is undone separately, in ms. */
const BURST_MS = 4_000;

/** A row whose text can be edited. */
export const EditableRow = memo(function EditableRow(props: RowProps) {
  const { row, segment, words, found, current, dir } = props;
  const { reader } = useTools();
  const element = useRef<HTMLSpanElement>(null);
  const shown = useMemo(() => words && wordsOf(segment, words), [segment, words]);
  const isSpaced = words?.length === 0 ? asWritten : needsSpace;
  const typing = useTyping(element, segment.id);

  const marks = useMarks(segment.id, shown ?? NO_WORDS, isSpaced, found, current);
  useLayoutEffect(() => {
    if (shown) typing.current?.show(segment, shown, marks, isSpaced);
  }, [typing, segment, shown, marks, isSpaced]);

  // the caret was put into this row from elsewhere
  const caret = useReader((state) => (state.caret?.rowId === segment.id ? state.caret : null));
  useLayoutEffect(() => {
    if (!caret || !shown) return;
    typing.current?.enter(caret.offset, caret.typed, caret.burst);
    reader.setState({ caret: null });
  }, [typing, caret, shown, reader]);

  const isActive = useReader((state) => state.active.row === row);
  const time = formatClock(segment.startMs);
  return (
    <RowFrame {...props}>
      {/* biome-ignore lint/a11y/useSemanticElements: a field cannot mark the words in it */}
      <span
        ref={element}
        role="textbox"
        aria-multiline
        aria-label={
          props.speaker
            ? t('segmentOf', { time, speaker: props.speaker.name })
            : t('segmentAt', { time })
        }
        dir={dir}
        contentEditable="plaintext-only"
        suppressContentEditableWarning
        spellCheck
        tabIndex={isActive ? 0 : -1}
        className="-mx-2 block min-h-[1.6em] whitespace-pre-wrap rounded-lg px-2 outline-offset-0 hover:bg-sunken/60 focus:bg-surface in-data-selected:bg-transparent!"
        onFocus={() => reader.setState({ active: { row, word: 0 } })}
      />
    </RowFrame>
  );
});

/** Keys that move the caret and nothing else. */
const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

const NO_WORDS: Word[] = [];
const asWritten = () => true;

/** The row that text is being dragged out of. */
let dragged: Typing | null = null;

type IsSpaced = (before: string, after: string) => boolean;

/** Passes what the user types in one row on to the editor. */
class Typing {
  private readonly text: EditableText;
  private readonly scope = new AbortController();
  private readonly autosave = createAutosave(() => this.save(false));
  /** The row as last drawn. */
  private last: SegmentRecord | null = null;
  /** The text before the user began to type. */
  private seen = '';
  private isTyped = false;
  private isComposing = false;
  /** The caret is moving to another row: what is typed meanwhile goes there. */
  private isHandedOver = false;
  private burst = { id: '', lastAt: 0 };
  private readonly selection: SelectionKeys;

  constructor(
    private readonly element: HTMLElement,
    private readonly rowId: string,
    private readonly editor: Editor,
    private readonly reader: ReaderStore,
    private readonly playback: Playback,
  ) {
    this.text = new EditableText(element);
    this.selection = new SelectionKeys(rowId, this.text, editor, reader, () => this.commit());
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ) => element.addEventListener(type, listener, { signal: this.scope.signal });
    on('beforeinput', (event) => this.beforeInput(event));
    on('input', () => this.changed());
    on('keydown', (event) => this.keyDown(event));
    on('keyup', (event) => this.keyUp(event));
    on('copy', (event) => this.selection.copy(event));
    on('cut', (event) => this.selection.copy(event));
    on('dragstart', () => {
      dragged = this;
    });
    on('dragend', () => {
      dragged = null;
    });
    on('drop', (event) => this.drop(event));
    on('blur', () => {
      this.isHandedOver = false;
      this.save(true);
    });
    on('compositionstart', () => {
      this.isComposing = true;
    });
    on('compositionend', () => {
      this.isComposing = false;
      this.changed();
    });
    const hidden = { signal: this.scope.signal };
    window.addEventListener('pagehide', () => this.save(true), hidden);
    document.addEventListener('visibilitychange', () => this.autosave.flush(), hidden);
  }

  /** Draws the row, unless its element contains typing that is not stored yet. */
  show(
    segment: SegmentRecord,
    words: readonly Word[],
    marks: ReadonlyMap<number, 'yes' | 'now'>,
    isSpaced: IsSpaced,
  ): void {
    this.last = segment;
    if (this.isTyped || this.isComposing) return;
    this.seen = segment.text;
    // a trailing space precedes the next word
    const isSame = tokenise(this.text.text).join(' ') === tokenise(segment.text).join(' ');
    const isFocused = this.element === document.activeElement;
    if (isFocused && isSame && this.text.text !== segment.text) return;
    this.text.draw(
      words.map((word, at) => ({
        ...word,
        isUnsure: word.confidence < UNSURE_BELOW,
        found: marks.get(at),
      })),
      isSpaced,
    );
  }

  /**
   * Puts the focus here and the caret before a character.
   * @param typed what was typed while the caret moved here
   * @param burst the burst of typing that continues here
   */
  enter(offset: number, typed = '', burst?: string): void {
    this.isHandedOver = false;
    if (burst !== undefined) this.burst = { id: burst, lastAt: Date.now() };
    this.element.focus({ preventScroll: true });
    this.text.setCaret(offset);
    if (typed === '') return;
    this.text.insert(typed);
    this.changed();
  }

  /** Stores what was typed. @param isLeaving even if the row is now empty, which deletes it */
  save(isLeaving: boolean): void {
    if (!this.isTyped || this.isComposing) return;
    // a better model may have replaced the row: what was typed is merged into the new one
    const row = this.row() ?? this.last;
    const { text } = this.text;
    if (!row) return;
    // the user may be about to retype it: the row is deleted only if it is left empty
    if (tokenise(text).length === 0 && !isLeaving) return;
    this.isTyped = false;
    const edit = { kind: 'text' as const, changes: [{ row: rowRef(row), seen: this.seen, text }] };
    const patch = makeEdit(this.editor, edit, this.burst.id);
    if (patch) this.seen = this.row()?.text ?? '';
    else if (patch === false) {
      // it stays in the field, to be made shorter
      this.isTyped = true;
      this.editor.state.setState({ status: 'failed' });
    }
  }

  dispose(): void {
    this.save(true);
    this.scope.abort();
  }

  private row(): SegmentRecord | undefined {
    return this.editor.rows().find(({ id }) => id === this.rowId);
  }

  private changed(): void {
    const now = Date.now();
    if (this.burst.id === '' || now - this.burst.lastAt > BURST_MS) this.burst.id = newId();
    this.burst.lastAt = now;
    this.isTyped = true;
    this.editor.typed();
    this.playback.typed();
    if (!this.isComposing) this.autosave.changed();
  }

  /** Stores everything typed, so that another kind of edit can follow. @returns the row after that */
  private commit(): SegmentRecord | undefined {
    this.autosave.flush();
    this.save(false);
    this.burst.id = '';
    return this.row();
  }

  private handOver(caret: NonNullable<ReaderState['caret']>): void {
    this.isHandedOver = true;
    this.reader.setState({ caret });
  }

  private beforeInput(event: InputEvent): void {
    if (this.isHandedOver) {
      event.preventDefault();
      const { data } = event;
      if (event.inputType !== 'insertText' || data === null) return;
      this.reader.setState(({ caret }) => ({
        caret: caret && { ...caret, typed: (caret.typed ?? '') + data },
      }));
      return;
    }
    if (this.selection.beforeInput(event)) {
      this.isHandedOver = this.reader.getState().caret !== null;
      return;
    }
    switch (event.inputType) {
      case 'insertParagraph':
      case 'insertLineBreak':
        event.preventDefault();
        this.split();
        return;
      case 'historyUndo':
      case 'historyRedo':
        // the browser knows only its own changes (`../shortcuts.tsx`)
        event.preventDefault();
        return;
      case 'insertFromPaste':
      case 'insertFromDrop':
        this.insert(event);
        return;
    }
  }

  private split(): void {
    const offset = this.text.caret();
    const typed = this.text.text;
    const row = this.commit();
    if (!row || offset === null) return;
    const at = offsetInText(row.text, typed, offset);
    const nextId = newId();
    const next = this.editor
      .wordsOf(row.index)
      ?.find((_, number, words) => lengthOf(words.slice(0, number)) >= at);
    const patch = makeEdit(this.editor, {
      kind: 'split',
      row: rowRef(row),
      seen: row.text,
      offset: at,
      atMs: next?.startMs ?? row.endMs,
      newId: nextId,
    });
    if (patch) this.handOver({ rowId: nextId, offset: 0 });
  }

  /** A pasted text of several paragraphs makes as many rows. */
  private insert(event: InputEvent): void {
    const paragraphs = pastedParagraphs(event);
    if (paragraphs.length < 2) return;
    event.preventDefault();
    const [from, to] = this.text.selected() ?? [0, 0];
    const typed = this.text.text;
    const row = this.commit();
    if (!row) return;
    const texts = [...paragraphs];
    texts[0] = typed.slice(0, from) + texts[0];
    texts[texts.length - 1] += typed.slice(to);
    const ids = texts.map(() => newId());
    const patch = makeEdit(this.editor, {
      kind: 'paste',
      rows: [rowRef(row)],
      paragraphs: texts.map((text, at) => ({ text, newId: ids[at] ?? '' })),
    });
    const [last, lastText] = [ids.at(-1), paragraphs.at(-1)];
    if (patch !== false && last && lastText)
      this.handOver({ rowId: last, offset: lastText.trim().length });
  }

  /** Moves words that are dragged from another row here, in one step. */
  private drop(event: DragEvent): void {
    const words = dragged?.text.selected();
    const at = this.text.offsetAt(event.clientX, event.clientY);
    if (!dragged || dragged === this || !words || at === null || event.ctrlKey) return;
    event.preventDefault();
    const { from, to, offset } = dragWords(dragged.text.text, words, this.text.text, at);
    const [source, target] = [dragged.commit(), this.commit()];
    if (!source || !target) return;
    const changes = [
      { row: rowRef(source), seen: source.text, text: from },
      { row: rowRef(target), seen: target.text, text: to },
    ];
    if (makeEdit(this.editor, { kind: 'text', changes }))
      this.handOver({ rowId: this.rowId, offset });
  }

  private keyDown(event: KeyboardEvent): void {
    // store what was typed first: a shortcut such as undo must come after it
    if (event.ctrlKey || event.metaKey || event.altKey) this.autosave.flush();
    if (this.selection.keyDown(event)) return;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const selected = this.text.selected();
    if (!selected || selected[0] !== selected[1]) return;
    const [at] = selected;
    const isStart = at === 0;
    const isEnd = at === this.text.text.length;
    const act = {
      Backspace: isStart && (() => this.merge(0)),
      Delete: isEnd && (() => this.merge(1)),
      ArrowUp: !event.shiftKey && this.text.isAtEdge(-1) && (() => this.leave(-1, 'line')),
      ArrowDown: !event.shiftKey && this.text.isAtEdge(1) && (() => this.leave(1, 'line')),
      ArrowLeft: !event.shiftKey && isStart && (() => this.leave(-1, 'character')),
      ArrowRight: !event.shiftKey && isEnd && (() => this.leave(1, 'character')),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** While paused, the player seeks to the word that the caret was moved to. */
  private keyUp({ key }: KeyboardEvent): void {
    if (!MOVES.has(key) || this.playback.store.getState().playing) return;
    const startMs = this.text.wordAtCaret()?.dataset.start;
    if (startMs !== undefined) this.playback.seek(Number(startMs));
  }

  /** Merges this row into the previous one (0), or the next one into this (1). */
  private merge(by: 0 | 1): void {
    this.commit();
    const rows = this.editor.rows();
    const at = rows.findIndex(({ id }) => id === this.rowId) + by;
    const [first, second] = [rows[at - 1], rows[at]];
    if (!first || !second) return;
    const offset = first.text.length + (needsSpace(first.text, second.text) ? 1 : 0);
    if (makeEdit(this.editor, { kind: 'merge', row: rowRef(second) }))
      this.handOver({ rowId: first.id, offset });
  }

  private leave(side: -1 | 1, by: 'line' | 'character'): void {
    const own = this.element.closest<HTMLElement>('[data-row]');
    const next = own?.ownerDocument.querySelector<HTMLElement>(
      `[data-row="${Number(own.dataset.row) + side}"] [role="textbox"]`,
    );
    if (!next) return;
    const target = new EditableText(next);
    if (by === 'line') target.enter(side < 0 ? 1 : -1, this.text.caretX());
    else {
      next.focus({ preventScroll: true });
      target.setCaret(side < 0 ? target.text.length : 0);
    }
    next.scrollIntoView({ block: 'nearest' });
  }
}

function useTyping(
  element: RefObject<HTMLElement | null>,
  rowId: string,
): RefObject<Typing | null> {
  const { editor, reader, playback } = useTools();
  const typing = useRef<Typing | null>(null);
  // before the layout effects that draw
  useLayoutEffect(() => {
    if (!element.current || !editor) return;
    const made = new Typing(element.current, rowId, editor, reader, playback);
    typing.current = made;
    return () => {
      typing.current = null;
      made.dispose();
    };
  }, [element, rowId, editor, reader, playback]);
  return typing;
}
