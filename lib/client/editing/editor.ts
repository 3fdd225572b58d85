import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  currentAccount,
  dropStep,
  keepStep,
  keptSteps,
  newToken,
  type SegmentRecord,
  type Step,
  storeStep,
} from '@/lib/client/store';
import { type AppError, toAppError } from '@/lib/core';
import {
  applyEdit,
  type Edit,
  type EditPatch,
  hasEffect,
  NO_EFFECT,
  needsAllRows,
  needsWords,
  type Row,
  rowsNamedBy,
  type Speaker,
  type Word,
} from '@/lib/transcript';

/** The transcript as the page shows it; an edit changes it immediately. */
export interface EditorView {
  /** In order. */
  rows(): readonly SegmentRecord[];
  /** The words of a row; undefined if they have not been read. */
  wordsOf(index: number): Word[] | undefined;
  speakers(): readonly Speaker[];
  show(patch: EditPatch): void;
}

export interface EditorState {
  /** Whether every edit is stored. `failed`: unstored edits are kept, and storing is retried. */
  status: 'saved' | 'saving' | 'failed';
  /** Why storing failed. */
  problem: AppError | null;
  /** The speakers after edits not stored yet: what the page reads is older. `null`: no such edit changes them. */
  speakers: readonly Speaker[] | null;
}

/** Edits one transcript. */
export interface Editor {
  state: StoreApi<EditorState>;
  /** The rows as the page shows them, with every edit so far. */
  rows(): readonly SegmentRecord[];
  wordsOf(index: number): Word[] | undefined;
  speakers(): readonly Speaker[];
  /**
   * Makes an edit. The page shows it immediately if it has read the rows involved; edits are stored in order.
   * @param burst edits of the same burst of typing are undone together
   * @returns what the page shows of it; `null`: nothing, or nothing yet
   * @throws BAD_REQUEST when the words do not fit into their time; nothing has changed then
   */
  edit(edit: Edit, burst?: string): EditPatch | null;
  /** Something was typed that is not an edit yet: it counts as unsaved. */
  typed(): void;
  /** Undoes the last edit, whichever tab made it. @returns what changed */
  undo(): Promise<EditPatch | null>;
  redo(): Promise<EditPatch | null>;
  /** Retries failed storing now; it is also retried every few seconds. */
  retry(): void;
  /** Called when the page shows the transcript: steps that earlier pages left unsaved are shown and stored. */
  recover(): void;
  /** Subscribes to the changes that stored text edits have made. @returns unsubscribe */
  onTextStored(listener: (patch: EditPatch) => void): () => void;
  /** Calls back once, before the next typing, edit, undo or redo: from then on "undo" means something else. */
  onNextStep(listener: () => void): void;
  /** Resolves once nothing waits to be stored, or storing failed. */
  settled(): Promise<void>;
}

/** Failed storing is retried after this, in ms: there may be room by then. */
const RETRY_MS = 3_000;

/** A step that is to be stored. */
interface Waiting {
  token: string;
  step: Step;
  /** It is also kept in localStorage, for pages after this one. */
  wasKept: boolean;
  /** What the page shows of it; `null`: the page had not read the rows that it changes. */
  shown: EditPatch | null;
  /** What storing it has done. */
  result: EditPatch | null;
}

/** Editors of this page with unsaved steps, including those of transcripts that the user has navigated away from. */
const busyEditors = new Map<string, Editor>();

/** The editor of one transcript: the one that still has unsaved steps, else a new one. */
export function openEditor(id: string, view: EditorView): Editor {
  return busyEditors.get(id) ?? createEditor(id, view);
}

/** Creates the editor of one transcript. It holds no resources, so it can be dropped at any time. */
export function createEditor(id: string, view: EditorView): Editor {
  const state = createStore<EditorState>(() => ({
    status: 'saved',
    problem: null,
    speakers: null,
  }));
  const waiting: Waiting[] = [];
  const listeners = new Set<(patch: EditPatch) => void>();
  let trying: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  /** Something was typed that has not become an edit yet. */
  let isTyped = false;
  let beforeNextStep: (() => void)[] = [];
  const announceStep = () => {
    const called = beforeNextStep;
    beforeNextStep = [];
    for (const listener of called) listener();
  };

  const drop = ({ token }: Waiting) => {
    waiting.shift();
    dropStep(id, token);
    if (waiting.length === 0) busyEditors.delete(id);
  };
  const run = async () => {
    isRunning = true;
    clearTimeout(trying);
    // a failure stays visible until the step is stored
    if (state.getState().status !== 'failed') state.setState({ status: 'saving', problem: null });
    for (let next = waiting[0]; next; next = waiting[0]) {
      try {
        next.result = await storeStep(id, next.step, { ...next, by: currentAccount() });
      } catch (error) {
        const problem = toAppError(error, 'STORE_FAILED');
        state.setState({ status: 'failed', problem });
        // another try would end the same
        if (problem.code === 'NOT_FOUND' || problem.code === 'BAD_REQUEST') drop(next);
        if (waiting.length > 0) trying = setTimeout(start, RETRY_MS);
        showWaiting();
        isRunning = false;
        return;
      }
      drop(next);
      const { step, result } = next;
      if (
        result &&
        step.kind === 'edit' &&
        (step.edit.kind === 'text' || step.edit.kind === 'paste')
      )
        for (const listener of listeners) listener(result);
    }
    isRunning = false;
    const { speakers: after } = state.getState();
    // the page may have read older ones meanwhile
    if (after) view.show({ ...NO_EFFECT, speakers: { before: [], after: [...after] } });
    state.setState({ status: isTyped ? 'saving' : 'saved', problem: null, speakers: null });
  };
  const start = () => {
    if (!isRunning) running = run();
  };
  /** Runs a step after those before it. @returns what it did; `null`: nothing, or it could not be stored */
  const add = (
    step: Step,
    shown: EditPatch | null = null,
    kept?: string,
  ): Promise<EditPatch | null> => {
    announceStep();
    const token = kept ?? newToken();
    const wasKept = kept !== undefined || keepStep(id, token, step);
    const added: Waiting = { token, step, wasKept, shown, result: null };
    waiting.push(added);
    busyEditors.set(id, editor);
    start();
    return running.then(() => added.result);
  };
  const speakers = () => state.getState().speakers ?? view.speakers();
  const show = (edit: Edit): EditPatch | null => {
    const patch = patchOnPage(edit, { ...view, speakers });
    if (patch && hasEffect(patch)) view.show(patch);
    if (patch?.speakers) state.setState({ speakers: patch.speakers.after });
    return patch;
  };
  /** Shows pending edits whose rows the page had not read when they were made, but has by now. */
  const showWaiting = () => {
    for (const one of waiting) {
      if (one.shown || one.step.kind !== 'edit') continue;
      try {
        one.shown = show(one.step.edit);
      } catch {
        // its words do not fit: storing it will report that
      }
      // later edits may depend on this one
      if (!one.shown && !needsAllRows(one.step.edit)) return;
    }
  };

  const editor: Editor = {
    state,
    rows: view.rows,
    wordsOf: view.wordsOf,
    speakers,
    edit(edit, burst) {
      isTyped = false;
      const shown = show(edit);
      if (shown && !hasEffect(shown)) {
        if (!isRunning && waiting.length === 0) state.setState({ status: 'saved' });
        return null;
      }
      void add({ kind: 'edit', edit, ...(burst === undefined ? {} : { burst }) }, shown);
      return shown;
    },
    typed() {
      announceStep();
      isTyped = true;
      if (state.getState().status === 'saved') state.setState({ status: 'saving' });
    },
    undo: () => add({ kind: 'undo' }),
    redo: () => add({ kind: 'redo' }),
    retry() {
      if (!isRunning) state.setState({ status: 'saving', problem: null });
      start();
    },
    recover() {
      // the page has forgotten what it had read, and reads it as it is stored
      if (view.rows().length === 0) for (const one of waiting) one.shown = null;
      const here = new Set(waiting.map(({ token }) => token));
      for (const { token, step } of keptSteps(id))
        if (!here.has(token)) void add(step, null, token);
      showWaiting();
    },
    onTextStored(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onNextStep(listener) {
      beforeNextStep.push(listener);
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
