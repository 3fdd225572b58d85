import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import type { Speaker } from '@/lib/transcript';
import { t } from '../messages';
import type { ReaderStore } from '../reader-state';
import { makeEdit, rowRef } from './edit-row';

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
 * Takes back the last edit (-1) or makes it again (1), and puts the caret where that changed something.
 * @param staysOnButton the focus stays where it is
 */
export async function stepEdits(
  editor: Editor,
  reader: ReaderStore,
  by: -1 | 1,
  staysOnButton = false,
): Promise<void> {
  const patch = await (by < 0 ? editor.undo() : editor.redo());
  const [row] = patch?.added ?? [];
  if (!row || staysOnButton || !reader.getState().editing) return;
  const before = patch?.removed.find(({ id }) => id === row.id)?.text ?? '';
  reader.setState({ caret: { rowId: row.id, offset: lastDifference(before, row.text) } });
}

/** The character after the last that differs from a text before. */
function lastDifference(before: string, after: string): number {
  let end = 0;
  while (end < Math.min(before.length, after.length) && before.at(-1 - end) === after.at(-1 - end))
    end++;
  return after.length - end;
}
