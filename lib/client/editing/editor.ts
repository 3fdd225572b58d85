import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  currentAccount,
  keepUnsavedEdits,
  redoEdit,
  type SegmentRecord,
  type StoredEdit,
  storeEdit,
  takeUnsavedEdits,
  type UnsavedEdit,
  undoEdit,
} from '@/lib/client/store';
import { type AppError, toAppError } from '@/lib/core';
import {
  applyEdit,
  type Edit,
  type EditPatch,
  hasEffect,
  needsAllRows,
  needsWords,
  type Row,
  rowsNamedBy,
  type Speaker,
  type Word,
} from '@/lib/transcript';

/** What the page shows of the transcript, which an edit changes at once. */
export interface EditorView {
  /** In order. */
  rows(): readonly SegmentRecord[];
  /** The words of a row; undefined where they are not read. */
  wordsOf(index: number): Word[] | undefined;
  speakers(): readonly Speaker[];
  show(patch: EditPatch): void;
}

export interface EditorState {
  /** Whether everything that was typed and done is stored. `failed`: it waits until it is tried again. */
  status: 'saved' | 'saving' | 'failed';
  /** Why storing failed. */
  problem: AppError | null;
}

/** Edits one transcript. */
export interface Editor {
  state: StoreApi<EditorState>;
  /** The rows as the page shows them, with every edit so far. */
  rows(): readonly SegmentRecord[];
  wordsOf(index: number): Word[] | undefined;
  speakers(): readonly Speaker[];
  /**
   * Makes an edit: on the page at once where it shows what is needed, and stored after those before it.
   * @param burst edits of the same burst of typing are undone together
   * @returns what the page shows of it; `null`: nothing, or not yet
   * @throws BAD_REQUEST when the words do not fit into their time; nothing has changed then
   */
  edit(edit: Edit, burst?: string): EditPatch | null;
  /** Something is being typed that is not an edit yet: it counts as not stored. */
  typed(): void;
  /** Takes back the last edit, in whichever tab it was made. @returns what that changed */
  undo(): Promise<EditPatch | null>;
  redo(): Promise<EditPatch | null>;
  /** Tries now what could not be stored; it is also tried every few seconds. */
  retry(): void;
  /** The page goes away: what was typed and is not stored yet is kept, and what comes now, for `recover`. */
  leave(): void;
  /** Stores what an earlier page was left with. */
  recover(): void;
  /** Resolves once nothing waits to be stored, or storing failed. */
  settled(): Promise<void>;
}

/** What could not be stored is tried again after this, in ms: there may be room by then. */
const RETRY_MS = 3_000;

/** Something that is to be stored. */
interface Waiting {
  step(): Promise<unknown>;
  /** Typed text. */
  text?: UnsavedEdit;
  /** Shows it where the page had not read what it changes, and has by now. */
  show?(): void;
}

/** What the editors of this page have to store: also of a transcript that was left within the app. */
const queuesOfPage = new Set<readonly Waiting[]>();

const textsOf = (queue: readonly Waiting[]) => queue.flatMap(({ text }) => text ?? []);

/** The same for an edit and for what was kept of it. */
const keyOf = ({ changes }: UnsavedEdit) =>
  JSON.stringify(changes.map(({ row, seen, text }) => [row.id, seen, text]));

/**
 * Makes the editor of one transcript; nothing is open in it, so that it can be dropped at any time.
 * @param onStored called with what each edit that was stored has done
 */
export function createEditor(
  id: string,
  view: EditorView,
  onStored: (patch: EditPatch) => void = () => undefined,
): Editor {
  const state = createStore<EditorState>(() => ({ status: 'saved', problem: null }));
  const waiting: Waiting[] = [];
  let isLeaving = false;
  let isKept = false;
  let trying: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  /** As edits that wait have left it: what the page reads meanwhile is older. */
  let waitingSpeakers: readonly Speaker[] | null = null;

  const drop = () => {
    waiting.shift();
    if (waiting.length === 0) queuesOfPage.delete(waiting);
  };
  const run = async () => {
    isRunning = true;
    clearTimeout(trying);
    // what failed is said until it is stored
    if (state.getState().status !== 'failed') state.setState({ status: 'saving', problem: null });
    for (let next = waiting[0]; next; next = waiting[0]) {
      try {
        await next.step();
      } catch (error) {
        const problem = toAppError(error, 'STORE_FAILED');
        state.setState({ status: 'failed', problem });
        // another try would end the same
        if (problem.code === 'NOT_FOUND' || problem.code === 'BAD_REQUEST') drop();
        else trying = setTimeout(start, RETRY_MS);
        for (const { show } of waiting) show?.();
        // a page in the background may be ended without notice while its user makes room
        keep();
        isRunning = false;
        return;
      }
      drop();
      if (isLeaving || isKept) keep();
    }
    isRunning = false;
    waitingSpeakers = null;
    state.setState({ status: 'saved', problem: null });
  };
  const start = () => {
    if (!isRunning) running = run();
  };
  const keep = () => {
    const texts = textsOf(waiting);
    // what another tab keeps stays
    if (isKept || texts.length > 0) keepUnsavedEdits(id, texts);
    isKept = texts.length > 0;
  };
  /** Runs a step after those before it. @returns its result; `null` if it could not be stored */
  const add = <T>(
    step: () => Promise<T>,
    more: Pick<Waiting, 'text' | 'show'> = {},
  ): Promise<T | null> => {
    let result: T | null = null;
    waiting.push({
      step: async () => {
        result = await step();
      },
      ...more,
    });
    if (isLeaving) keep();
    else queuesOfPage.add(waiting);
    start();
    return running.then(() => result);
  };
  const speakers = () => waitingSpeakers ?? view.speakers();
  const stepped = async (step: (id: string) => Promise<StoredEdit>) =>
    (await add(() => step(id)))?.patch ?? null;

  const editor: Editor = {
    state,
    rows: view.rows,
    wordsOf: view.wordsOf,
    speakers,
    edit(edit, burst) {
      const showNow = () => {
        const patch = patchOnPage(edit, { ...view, speakers });
        if (patch && hasEffect(patch)) view.show(patch);
        waitingSpeakers = patch?.speakers?.after ?? waitingSpeakers;
        return patch;
      };
      let shown = showNow();
      if (shown && !hasEffect(shown)) {
        if (!isRunning && waiting.length === 0) state.setState({ status: 'saved' });
        return null;
      }
      const store = async () => {
        const { patch } = await storeEdit(id, edit, {
          by: currentAccount(),
          shown,
          ...(burst === undefined ? {} : { burst }),
        });
        if (patch && (edit.kind === 'text' || edit.kind === 'paste')) onStored(patch);
      };
      void add(store, {
        ...(edit.kind === 'text' && { text: edit }),
        show: () => {
          try {
            shown ??= showNow();
          } catch {
            // there is no place for its words: storing it will say so
          }
        },
      });
      return shown;
    },
    typed() {
      if (state.getState().status === 'saved') state.setState({ status: 'saving' });
    },
    undo: () => stepped(undoEdit),
    redo: () => stepped(redoEdit),
    retry() {
      if (!isRunning) state.setState({ status: 'saving', problem: null });
      start();
    },
    leave() {
      isLeaving = true;
      queuesOfPage.delete(waiting);
      keep();
    },
    recover() {
      isLeaving = false;
      // put aside by the browser, or left within the app, a page is still at it
      if (waiting.length > 0) queuesOfPage.add(waiting);
      const here = new Set([...queuesOfPage].flatMap(textsOf).map(keyOf));
      for (const edit of takeUnsavedEdits(id)) if (!here.has(keyOf(edit))) editor.edit(edit);
      keep();
    },
    settled: () => running,
  };
  return editor;
}

/** What an edit does to the rows on the page; `null` if the page does not have what it needs. */
function patchOnPage(edit: Edit, view: EditorView): EditPatch | null {
  if (needsAllRows(edit)) return null;
  const rows = view.rows();
  const named = rowsNamedBy(edit);
  const places = new Map(rows.map(({ index }, at) => [index, at]));
  const at = named.map(({ index }) => places.get(index) ?? -1);
  if (at.includes(-1)) return null;
  const [first, last] = [Math.min(...at, rows.length - 1), Math.max(...at, 0)];
  const near: Row[] = [];
  for (const { transcriptId: _, wordCount: _count, ...row } of rows.slice(
    Math.max(0, first - 1),
    last + 2,
  ))
    near.push({ ...row, words: view.wordsOf(row.index) ?? [] });
  if (needsWords(edit)) {
    const isNeeded = new Set(named.map(({ index }) => index));
    const before = rows[first - 1];
    if ((edit.kind === 'merge' || edit.kind === 'border') && before) isNeeded.add(before.index);
    for (const { index, wordCount } of rows.slice(Math.max(0, first - 1), last + 1))
      if (isNeeded.has(index) && wordCount !== 0 && view.wordsOf(index) === undefined) return null;
  }
  return applyEdit(edit, near, view.speakers(), false);
}
