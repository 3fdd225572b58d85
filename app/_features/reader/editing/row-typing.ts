import type { Editor } from '@/lib/client/editing';
import { joinWords, newId } from '@/lib/core';
import { tokenise } from '@/lib/transcript';
import type { ReaderStore } from '../reader-state';
import type { EditableText } from './editable-text';
import {
  deleteSelected,
  extended,
  replaceSelected,
  selectedRows,
  textOfRows,
} from './selection-bar';

/** The texts of two rows after words were dragged from one to the other, and the offset after them there. */
export interface DraggedWords {
  from: string;
  to: string;
  offset: number;
}

/**
 * @param selected the characters [from, to) that are dragged
 * @param at the character that they come before
 */
export function dragWords(
  from: string,
  selected: readonly [number, number],
  to: string,
  at: number,
): DraggedWords {
  const join = (...parts: string[]) => joinWords(parts.flatMap(tokenise));
  const moved = from.slice(...selected);
  return {
    from: join(from.slice(0, selected[0]), from.slice(selected[1])),
    to: join(to.slice(0, at), moved, to.slice(at)),
    offset: join(to.slice(0, at), moved).length,
  };
}

/** Typing is stored once it has paused for this long, in ms. */
const IDLE_MS = 400;

/** Continuous typing is stored this often, in ms: a crash loses no more. */
const AT_LEAST_MS = 900;

/** Calls `save` soon after each change, and never later than a second after the first. */
export interface Autosave {
  changed(): void;
  /** Saves now what was not saved. */
  flush(): void;
}

/** @param save stores what has changed */
export function createAutosave(save: () => void): Autosave {
  let idle: ReturnType<typeof setTimeout> | undefined;
  let latest: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const isWaiting = idle !== undefined;
    clearTimeout(idle);
    clearTimeout(latest);
    idle = undefined;
    latest = undefined;
    if (isWaiting) save();
  };
  return {
    changed: () => {
      clearTimeout(idle);
      idle = setTimeout(flush, IDLE_MS);
      latest ??= setTimeout(flush, AT_LEAST_MS);
    },
    flush,
  };
}

/** Directions of the keys that move the caret, or the end of a selection, from row to row. */
const WAYS: Record<string, -1 | 1> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  Home: -1,
  PageUp: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  End: 1,
  PageDown: 1,
};

/** The paragraphs of pasted text: browsers differ in where they put it for plain-text fields. */
export function pastedParagraphs({ data, dataTransfer }: InputEvent): string[] {
  const pasted = dataTransfer?.getData('text/plain') || data || '';
  return pasted.split(/\r?\n+/).filter((text) => text.trim() !== '');
}

/**
 * Handles keys for rows that are selected as a whole. The browser's own selection cannot leave its field, which is one
 * row: where it would extend into the next row, both rows are selected. The focus stays where it was.
 */
export class SelectionKeys {
  /** @param settle stores what was typed in the row that has the focus */
  constructor(
    private readonly rowId: string,
    private readonly text: EditableText,
    private readonly editor: Editor,
    private readonly reader: ReaderStore,
    private readonly settle: () => void,
  ) {}

  /** @returns whether the key was for selected rows; if so, it has been handled */
  keyDown(event: KeyboardEvent): boolean {
    if (event.isComposing || !this.acts(event)) return false;
    event.preventDefault();
    return true;
  }

  /** @returns whether the input was for selected rows; if so, it has been handled */
  beforeInput(event: InputEvent): boolean {
    if (this.rows().length === 0) return false;
    // composition by an input method cannot be prevented: it goes where the caret is
    if (!event.cancelable) {
      this.reader.setState({ selected: null });
      return false;
    }
    event.preventDefault();
    this.settle();
    if (event.inputType === 'insertText' && event.data)
      replaceSelected(this.editor, this.reader, [event.data], newId());
    else if (event.inputType === 'insertFromPaste') {
      const paragraphs = pastedParagraphs(event);
      if (paragraphs.length > 0) replaceSelected(this.editor, this.reader, paragraphs);
    } else if (event.inputType.startsWith('delete')) deleteSelected(this.editor, this.reader);
    return true;
  }

  /** Copies selected rows, or cuts them. */
  copy(event: ClipboardEvent): void {
    if (this.rows().length === 0) return;
    event.preventDefault();
    this.settle();
    event.clipboardData?.setData('text/plain', textOfRows(this.rows()));
    if (event.type === 'cut') deleteSelected(this.editor, this.reader);
  }

  private rows() {
    return selectedRows(this.editor.rows(), this.reader.getState().selected);
  }

  private acts({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (altKey) return false;
    const rows = this.rows();
    if (ctrlKey || metaKey) return key.toLowerCase() === 'a' && this.selectAll(rows.length > 0);
    const way = WAYS[key];
    if (rows.length === 0) return way !== undefined && shiftKey && this.begin(key, way);
    if (way !== undefined && shiftKey) this.extend(way);
    else if (way !== undefined) this.leave(way);
    else if (key === 'Escape') {
      this.reader.setState({ selected: null });
      // collapse the browser's selection in the row, so that typing does not replace it
      this.text.setCaret(this.text.focus() ?? 0);
    } else if (key === 'Delete' || key === 'Backspace') {
      this.settle();
      deleteSelected(this.editor, this.reader);
    } else return false;
    return true;
  }

  /** Selects this row and its neighbour if the selection in its own text has reached the border between them. */
  private begin(key: string, way: -1 | 1): boolean {
    const border = way < 0 ? 0 : this.text.text.length;
    if (!key.startsWith('Arrow') || this.text.focus() !== border) return false;
    const own = { anchor: this.rowId, head: this.rowId };
    const selected = extended(this.editor.rows(), own, way);
    if (selected.head === own.head) return false;
    this.reader.setState({ selected });
    return true;
  }

  private extend(way: -1 | 1): void {
    this.reader.setState(({ selected }) => ({
      selected: selected && extended(this.editor.rows(), selected, way),
    }));
  }

  /** Selects every row if all of this one is selected already. */
  private selectAll(isBegun: boolean): boolean {
    const [from, to] = this.text.selected() ?? [0, 0];
    if (!isBegun && to - from < this.text.text.length) return false;
    const rows = this.editor.rows();
    const [anchor, head] = [rows[0]?.id, rows.at(-1)?.id];
    if (!anchor || !head) return false;
    this.reader.setState({ selected: { anchor, head } });
    return true;
  }

  /** Ends the selection and puts the caret at the end that the key points to. */
  private leave(way: -1 | 1): void {
    const rows = this.rows();
    const row = way < 0 ? rows[0] : rows.at(-1);
    this.settle();
    this.reader.setState({
      selected: null,
      caret: row ? { rowId: row.id, offset: way < 0 ? 0 : row.text.length } : null,
    });
  }
}
