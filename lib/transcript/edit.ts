import { AppError } from '@/lib/core';
import { mergeTexts } from './align-texts';
import { allSteps, indexAfter, type Paragraph, paste, restore, timed } from './put-segments';
import {
  type EditPatch,
  indexBetween,
  NO_EFFECT,
  type Relabelled,
  type Row,
  type RowRef,
  withWords,
  wordsOfRow,
} from './rows';
import type { Speaker, TranscriptSegment, Word } from './types';
import { tokenise } from './words';

/** Another text for one row. */
export interface TextChange {
  row: RowRef;
  /** The text that was changed: if the row has another by now, both changes are kept. */
  seen: string;
  text: string;
}

/** What somebody wants changed, in terms of what they saw. */
export type Edit =
  | { kind: 'text'; changes: TextChange[] }
  /** Divides a row at a character of its text, or at a time if the text is another by now. */
  | { kind: 'split'; row: RowRef; seen: string; offset: number; atMs: number; newId: string }
  /** Joins a row to the one before it. */
  | { kind: 'merge'; row: RowRef }
  | { kind: 'delete'; rows: RowRef[] }
  /** Moves the border between a row and the one before it. */
  | { kind: 'border'; row: RowRef; atMs: number }
  /** @param speakers the new list, if it changes with it */
  | { kind: 'speaker'; rows: RowRef[]; speakerId: string | null; speakers?: Speaker[] }
  | { kind: 'speakers'; speakers: Speaker[] }
  /** Somebody has listened to words and found them right: of each row those that begin at these times. */
  | { kind: 'confirm'; rows: { row: RowRef; startMs: number[] }[] }
  /** Speakers word by word: rows are divided where the speaker changes. */
  | { kind: 'label'; speakers: Speaker[]; rows: LabelledRow[] }
  /**
   * Puts what was recognised where it was said, in the place of what stands there. The segments have ids of
   * their own; what a row has beside them stays, after them under `newId`.
   */
  | { kind: 'restore'; segments: TranscriptSegment[]; newId: string }
  /** Puts another text in the place of rows. */
  | { kind: 'paste'; rows: RowRef[]; paragraphs: Paragraph[]; speakers?: Speaker[] };

export type EditKind = Edit['kind'];

/** Who said the words of a row, in order. */
export interface LabelledRow {
  row: RowRef;
  runs: { words: number; speakerId: string | null; newId: string }[];
}

/** The rows that an edit names, in no order. */
export function rowsNamedBy(edit: Edit): RowRef[] {
  switch (edit.kind) {
    case 'text':
      return edit.changes.map(({ row }) => row);
    case 'split':
    case 'merge':
    case 'border':
      return [edit.row];
    case 'confirm':
    case 'label':
      return edit.rows.map(({ row }) => row);
    case 'speakers':
    case 'restore':
      return [];
    default:
      return edit.rows;
  }
}

/** Whether all rows are needed to make an edit. */
export function needsAllRows({ kind }: Edit): boolean {
  return kind === 'restore';
}

/** Whether an edit needs the words of its rows. */
export function needsWords({ kind }: Edit): boolean {
  return kind !== 'speaker' && kind !== 'speakers';
}

/**
 * What an edit does to rows. The result depends on its arguments alone: ids of new rows come with the edit.
 * @param rows in order: those that the edit names, all between them, and one more at either side
 * @param isAll all rows are there: one that is not found by its id is looked for by its time
 * @returns `null` if a row was not found and there are more; a patch without effect if nothing is left to do
 * @throws BAD_REQUEST when there are more words than milliseconds, or no place for a row
 */
export function applyEdit(
  edit: Edit,
  rows: readonly Row[],
  speakers: readonly Speaker[],
  isAll: boolean,
): EditPatch | null {
  const found = findRows(rowsNamedBy(edit), rows, isAll);
  if (!found) return null;
  const named = found.flat();
  const first = named[0];
  switch (edit.kind) {
    case 'text':
      return together(
        edit.changes.map(({ seen, text }, at) => changeText(found[at] ?? [], seen, text)),
      );
    case 'split':
      return first ? split(edit, first, rows, named.length === 1) : NO_EFFECT;
    case 'merge': {
      const before = first && rowBefore(first, rows);
      return first && before ? merge(before, first) : NO_EFFECT;
    }
    case 'delete':
      return { ...NO_EFFECT, removed: named };
    case 'border': {
      const before = first && rowBefore(first, rows);
      return first && before ? moveBorder(before, first, edit.atMs) : NO_EFFECT;
    }
    case 'speaker':
      return {
        ...NO_EFFECT,
        relabelled: relabel(named, edit.speakerId),
        speakers: edit.speakers ? { before: [...speakers], after: edit.speakers } : null,
      };
    case 'speakers':
      return { ...NO_EFFECT, speakers: { before: [...speakers], after: edit.speakers } };
    case 'confirm':
      return together(
        edit.rows.map(({ startMs }, at) =>
          together((found[at] ?? []).map((row) => confirm(row, startMs))),
        ),
      );
    case 'label':
      return {
        ...together(edit.rows.map(({ runs }, at) => label(found[at] ?? [], runs, rows))),
        speakers: { before: [...speakers], after: edit.speakers },
      };
    case 'restore':
      return isAll ? restore(edit, rows) : null;
    case 'paste':
      return allSteps(pasteInSteps(edit, named, rows, speakers));
  }
}

/** The same in steps, between which the page can respond to its user. */
export function* applyEditInSteps(
  edit: Edit,
  rows: readonly Row[],
  speakers: readonly Speaker[],
  isAll: boolean,
): Generator<void, EditPatch | null> {
  if (edit.kind !== 'paste') return applyEdit(edit, rows, speakers, isAll);
  const found = findRows(edit.rows, rows, isAll);
  return found && (yield* pasteInSteps(edit, found.flat(), rows, speakers));
}

function* pasteInSteps(
  edit: Extract<Edit, { kind: 'paste' }>,
  named: Row[],
  rows: readonly Row[],
  speakers: readonly Speaker[],
): Generator<void, EditPatch> {
  return {
    ...(yield* paste(named, edit.paragraphs, rows)),
    speakers: edit.speakers ? { before: [...speakers], after: edit.speakers } : null,
  };
}

/** Whether a patch changes anything. */
export function hasEffect({ removed, added, relabelled, speakers }: EditPatch): boolean {
  return removed.length + added.length + relabelled.length > 0 || speakers !== null;
}

/** @returns for each name the rows it means now; `null`: one was not found, and there are more rows */
function findRows(refs: readonly RowRef[], rows: readonly Row[], isAll: boolean): Row[][] | null {
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  let byId: Map<string, Row> | null = null;
  const taken = new Set<Row>();
  const found: Row[][] = [];
  for (const ref of refs) {
    let row = byIndex.get(ref.index);
    if (row?.id !== ref.id) {
      if (!isAll) return null;
      byId ??= new Map(rows.map((one) => [one.id, one]));
      row = byId.get(ref.id);
    }
    const meant = row
      ? [row]
      : rows.filter(({ startMs, endMs }) => startMs < ref.endMs && endMs > ref.startMs);
    found.push(meant.filter((one) => !taken.has(one)));
    for (const one of meant) taken.add(one);
  }
  return found;
}

function together(patches: readonly EditPatch[]): EditPatch {
  return {
    removed: patches.flatMap(({ removed }) => removed),
    added: patches.flatMap(({ added }) => added),
    relabelled: patches.flatMap(({ relabelled }) => relabelled),
    speakers: null,
  };
}

const rowBefore = (row: Row, rows: readonly Row[]): Row | undefined =>
  rows.findLast(({ index }) => index < row.index);

function changeText(named: Row[], seen: string, text: string): EditPatch {
  const [row] = named;
  if (!row) return NO_EFFECT;
  const wanted = tokenise(text);
  const isAsSeen = named.length === 1 && row.text === seen;
  const now = isAsSeen
    ? []
    : named.flatMap((one) => wordsOfRow(one).map((word) => ({ one, word })));
  const merged = isAsSeen
    ? []
    : mergeTexts(
        tokenise(seen),
        wanted,
        now.map(({ word }) => word.text),
      );
  const texts = new Map<Row, string[]>(named.map((one) => [one, isAsSeen ? wanted : []]));
  let current = row;
  for (const word of merged) {
    if (word.index !== null) current = now[word.index]?.one ?? current;
    texts.get(current)?.push(word.text);
  }
  return together(
    named.map((one) => {
      const words = timed(one, texts.get(one) ?? []);
      const next = { ...withWords(one, words), edited: true };
      if (next.text === one.text && one.words.length > 0) return NO_EFFECT;
      return { ...NO_EFFECT, removed: [one], added: words.length > 0 ? [next] : [] };
    }),
  );
}

function split(
  { seen, offset, atMs, newId }: Extract<Edit, { kind: 'split' }>,
  row: Row,
  rows: readonly Row[],
  isOne: boolean,
): EditPatch {
  const words = wordsOfRow(row);
  const [left, right] =
    isOne && row.text === seen
      ? dividedAt(words, row.text, offset)
      : [
          words.filter(({ startMs }) => startMs < atMs),
          words.filter(({ startMs }) => startMs >= atMs),
        ];
  return divide(row, [{ words: left }, { words: right, newId }], rows);
}

/** The words before and after a character of the text that they make; a word that it is in is cut. */
function dividedAt(words: readonly Word[], text: string, offset: number): [Word[], Word[]] {
  const left: Word[] = [];
  const right: Word[] = [];
  let from = 0;
  for (const word of words) {
    from = text.indexOf(word.text, from);
    const into = offset - from;
    if (into <= 0) right.push(word);
    else if (into >= word.text.length) left.push(word);
    else {
      const atMs =
        word.startMs + Math.round(((word.endMs - word.startMs) * into) / word.text.length);
      const isRoom = atMs > word.startMs && atMs < word.endMs;
      if (isRoom) {
        left.push({ ...word, text: word.text.slice(0, into), endMs: atMs });
        right.push({ ...word, text: word.text.slice(into), startMs: atMs });
      } else left.push(word);
    }
    from += word.text.length;
  }
  return [left, right];
}

interface Part {
  words: Word[];
  /** The first part keeps the row's. */
  newId?: string;
  speakerId?: string | null;
}

/** Divides a row into parts; those without words are left out. */
function divide(row: Row, parts: readonly Part[], rows: readonly Row[]): EditPatch {
  const filled = parts.filter(({ words }) => words.length > 0);
  if (filled.length < 2) return NO_EFFECT;
  let { index } = row;
  const nextIndex = indexAfter(index, rows);
  const added = filled.map(({ words, newId, speakerId = row.speakerId }, at): Row => {
    if (at > 0) index = placeBetween(index, nextIndex);
    return {
      ...withWords(row, words),
      index,
      id: at === 0 ? row.id : (newId ?? row.id),
      speakerId,
      startMs: at === 0 ? row.startMs : (words[0]?.startMs ?? row.startMs),
      endMs: at === filled.length - 1 ? row.endMs : (words.at(-1)?.endMs ?? row.endMs),
    };
  });
  return { ...NO_EFFECT, removed: [row], added };
}

function placeBetween(before: number, after: number | null): number {
  const between = indexBetween(before, after);
  if (between === null)
    throw new AppError('BAD_REQUEST', `No row fits between ${before} and ${after}.`);
  return between;
}

function merge(first: Row, second: Row): EditPatch {
  const merged: Row = {
    ...withWords(first, [...wordsOfRow(first), ...wordsOfRow(second)]),
    endMs: second.endMs,
    edited: first.edited || second.edited,
  };
  return { ...NO_EFFECT, removed: [first, second], added: [merged] };
}

function moveBorder(first: Row, second: Row, atMs: number): EditPatch {
  const words = [...wordsOfRow(first), ...wordsOfRow(second)];
  const wanted = words.filter(({ startMs }) => startMs < atMs).length;
  // either row keeps a word
  const count = Math.min(Math.max(wanted, 1), words.length - 1);
  if (count === wordsOfRow(first).length || count < 1) return NO_EFFECT;
  const [left, right] = [words.slice(0, count), words.slice(count)];
  return {
    ...NO_EFFECT,
    removed: [first, second],
    added: [
      { ...withWords(first, left), endMs: left.at(-1)?.endMs ?? first.endMs },
      { ...withWords(second, right), startMs: right[0]?.startMs ?? second.startMs },
    ],
  };
}

function confirm(row: Row, startMs: readonly number[]): EditPatch {
  const sure = new Set(startMs);
  const words = wordsOfRow(row).map((word) => {
    if (!sure.has(word.startMs) || word.confidence === 1) return word;
    const { alternatives: _, ...rest } = word;
    return { ...rest, confidence: 1 };
  });
  const isChanged = words.some((word, at) => word !== row.words[at]);
  return isChanged ? { ...NO_EFFECT, removed: [row], added: [{ ...row, words }] } : NO_EFFECT;
}

function relabel(rows: readonly Row[], after: string | null): Relabelled[] {
  return rows
    .filter(({ speakerId }) => speakerId !== after)
    .map(({ index, id, speakerId }) => ({ index, id, before: speakerId, after }));
}

function label(named: Row[], runs: LabelledRow['runs'], rows: readonly Row[]): EditPatch {
  const [row] = named;
  if (!row) return NO_EFFECT;
  const words = wordsOfRow(row);
  const isWhole =
    named.length === 1 && runs.reduce((sum, run) => sum + run.words, 0) === words.length;
  const [longest] = [...runs].sort((a, b) => b.words - a.words);
  if (!isWhole || runs.length < 2)
    return { ...NO_EFFECT, relabelled: relabel(named, longest?.speakerId ?? null) };
  let at = 0;
  return divide(
    row,
    runs.map(({ words: count, ...run }) => {
      at += count;
      return { ...run, words: words.slice(at - count, at) };
    }),
    rows,
  );
}
