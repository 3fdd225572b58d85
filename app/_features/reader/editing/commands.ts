import { attempt } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import { needsSpace } from '@/lib/core';
import {
  type Edit,
  type EditPatch,
  type RowRef,
  type Speaker,
  type Word,
  wordsOf,
} from '@/lib/transcript';
import { t } from '../messages';
import type { ReaderState, ReaderStore } from '../reader-state';

/** Names a row in an edit. */
export const rowRef = ({ index, id, startMs, endMs }: SegmentRecord): RowRef => ({
  index,
  id,
  startMs,
  endMs,
});

/** Makes an edit; the page reports a refusal. @returns what the page shows of it; `false`: it was refused */
export function makeEdit(editor: Editor, edit: Edit, burst?: string): EditPatch | null | false {
  let patch: EditPatch | null | false = false;
  // only a text with more words than milliseconds is refused
  void attempt(
    async () => {
      patch = editor.edit(edit, burst);
    },
    { BAD_REQUEST: t('tooManyWords') },
  );
  return patch;
}

/**
 * Converts a caret position in the typed text to one in the row's text, which differs only in its spaces.
 * @param offset in `typed`
 */
export function offsetInText(text: string, typed: string, offset: number): number {
  let letters = typed.slice(0, offset).replace(/\s/g, '').length;
  let at = 0;
  while (at < text.length && (letters > 0 || text[at] === ' ')) {
    if (letters === 0 && !/\s$/.test(typed.slice(0, offset))) break;
    if (text[at] !== ' ') letters--;
    at++;
  }
  return at;
}

/** How many characters words take up in a row's text, with the spaces between them. */
export const lengthOf = (words: readonly Word[]): number =>
  words.reduce(
    (sum, { text }, at) =>
      sum + text.length + (needsSpace(text, words[at + 1]?.text ?? '') ? 1 : 0),
    0,
  );

/** The border between a segment and the one before it. */
export interface Border {
  before: SegmentRecord;
  row: SegmentRecord;
}

/** The time to which a dropped border snaps: the start of a word, with at least one word left on either side. */
export function borderNear(words: readonly Word[], atMs: number): number | null {
  const inner = words.slice(1);
  // a word goes to the side on which most of it lies
  const next = inner.find(({ startMs, endMs }) => (startMs + endMs) / 2 >= atMs);
  return (next ?? inner.at(-1))?.startMs ?? null;
}

/** The time of a border after moving it by a word; `null`: no word is left to move. */
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

/** Which rows get a speaker, seen from one of them. */
export type SpeakerScope = 'row' | 'onwards' | 'speaker';

/** The rows of a scope. */
export function rowsInScope(
  rows: readonly SegmentRecord[],
  rowId: string,
  scope: SpeakerScope,
): readonly SegmentRecord[] {
  const at = rows.findIndex(({ id }) => id === rowId);
  const row = rows[at];
  if (!row) return [];
  if (scope === 'row') return [row];
  if (scope === 'onwards') return rows.slice(at);
  return rows.filter(({ speakerId }) => speakerId === row.speakerId);
}

/** An id that no speaker of the list has. */
function freeId(speakers: readonly Speaker[]): string {
  const taken = new Set(speakers.map(({ id }) => id));
  let number = speakers.length + 1;
  while (taken.has(`s${number}`)) number++;
  return `s${number}`;
}

/** The speakers with another one. @param name empty: by number */
export function withSpeaker(
  speakers: readonly Speaker[],
  name = '',
): { speakers: Speaker[]; id: string } {
  const id = freeId(speakers);
  const newName =
    name.trim() === '' ? t('speakerNumber', { number: speakers.length + 1 }) : name.trim();
  return { speakers: [...speakers, { id, name: newName }], id };
}

/** Says who speaks in some rows. @param speakers the new list, where there is one more */
export function assignSpeaker(
  editor: Editor,
  rows: readonly SegmentRecord[],
  speakerId: string | null,
  speakers?: Speaker[],
): void {
  makeEdit(editor, {
    kind: 'speaker',
    rows: rows.map(rowRef),
    speakerId,
    ...(speakers && { speakers }),
  });
}

/** Gives rows the speaker of a number; the number after the last is somebody new. */
export function assignSpeakerNumber(
  editor: Editor,
  rowId: string,
  number: number,
  scope: SpeakerScope,
): void {
  const speakers = editor.speakers();
  const known = speakers[number - 1];
  if (!known && number !== speakers.length + 1) return;
  const added = known ? null : withSpeaker(speakers);
  assignSpeaker(
    editor,
    rowsInScope(editor.rows(), rowId, scope),
    known?.id ?? added?.id ?? null,
    added?.speakers,
  );
}

/** Gives a speaker another name. */
export function renameSpeaker(editor: Editor, id: string, name: string): void {
  const speakers = editor.speakers();
  const before = speakers.find((one) => one.id === id);
  const newName = name.replace(/\s+/g, ' ').trim();
  if (!before || newName === '' || newName === before.name) return;
  makeEdit(editor, {
    kind: 'speakers',
    speakers: speakers.map((one) => (one.id === id ? { ...one, name: newName } : one)),
  });
}

/** Gives all rows of a speaker to another one, or to nobody, and takes the speaker off the list. */
export function mergeSpeaker(editor: Editor, id: string, into: string | null): void {
  const rows = editor.rows().filter(({ speakerId }) => speakerId === id);
  const speakers = editor.speakers().filter((one) => one.id !== id);
  assignSpeaker(editor, rows, into, speakers);
}

/**
 * Undoes the last edit (-1) or redoes it (1).
 * @returns the place of the change; `null`: nothing changed, or editing has ended
 */
export async function takeStep(
  editor: Editor,
  reader: ReaderStore,
  by: -1 | 1,
): Promise<ReaderState['caret']> {
  const patch = await (by < 0 ? editor.undo() : editor.redo());
  const [row] = patch?.added ?? [];
  if (!row || !reader.getState().editing) return null;
  const before = patch?.removed.find(({ id }) => id === row.id)?.text ?? '';
  return { rowId: row.id, offset: lastDifference(before, row.text) };
}

/** As `takeStep`, and puts the caret there. */
export async function stepEdits(editor: Editor, reader: ReaderStore, by: -1 | 1): Promise<void> {
  const caret = await takeStep(editor, reader, by);
  if (caret) reader.setState({ caret });
}

/** The character after the last that differs from a text before. */
function lastDifference(before: string, after: string): number {
  let end = 0;
  while (end < Math.min(before.length, after.length) && before.at(-1 - end) === after.at(-1 - end))
    end++;
  return after.length - end;
}
