import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEditor, type Editor } from '@/lib/client/editing/editor';
import { closeDatabase } from '@/lib/client/store/db';
import { importTranscript } from '@/lib/client/store/import-transcript';
import type { SegmentRecord } from '@/lib/client/store/schema';
import { getSegments, getWords } from '@/lib/client/store/transcripts';
import { readTranscriptFile } from '@/lib/import/read-file';
import type { Word } from '@/lib/transcript/types';
import { createReaderState, type ReaderStore } from '../reader-state';
import {
  deleteSelected,
  extended,
  joinSelected,
  replaceSelected,
  selectedRows,
  textOfRows,
} from './selection-bar';

const TEXTS = ['one two', 'three four', 'five six', 'seven eight'];
const CUES = TEXTS.map(
  (text, at) => `${at + 1}\n00:00:0${2 * at},000 --> 00:00:0${2 * at + 2},000\n${text}\n`,
).join('\n');

let id: string;
let rows: SegmentRecord[];
let words: Map<number, Word[]>;
let editor: Editor;
let reader: ReaderStore;

/** What the page has read. */
async function read(): Promise<void> {
  await editor.settled();
  rows = await getSegments(id);
  words = await getWords(id, 0, Number.POSITIVE_INFINITY);
}

beforeEach(async () => {
  id = await importTranscript(await readTranscriptFile(new File([CUES], 'a.srt')));
  editor = createEditor(id, {
    rows: () => rows,
    wordsOf: (index) => words.get(index),
    speakers: () => [],
    show: () => undefined,
  });
  reader = createReaderState();
  await read();
});

afterEach(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

const select = (anchor: number, head: number) =>
  reader.setState({ selected: { anchor: rows[anchor]?.id ?? '', head: rows[head]?.id ?? '' } });
const texts = () => rows.map(({ text }) => text);
const times = () => [...words.values()].flat().map(({ startMs, endMs }) => [startMs, endMs]);
async function undone(): Promise<string[]> {
  await editor.undo();
  await read();
  return texts();
}

it('goes from row to row in either direction, up to the ends of the text', () => {
  const at = (row: number) => rows[row]?.id ?? '';
  const own = { anchor: at(1), head: at(1) };
  const down = extended(rows, own, 1);
  expect(textOfRows(selectedRows(rows, down))).toBe('three four\nfive six');
  const up = extended(rows, extended(rows, down, -1), -1);
  expect(textOfRows(selectedRows(rows, up))).toBe('one two\nthree four');
  expect(extended(rows, up, -1)).toEqual(up);
  expect(selectedRows(rows, { anchor: at(0), head: 'gone' })).toEqual([]);
});

it('deletes in one step, and puts the caret behind what is gone', async () => {
  select(2, 1);
  const behind = rows[3]?.id;
  deleteSelected(editor, reader);
  await read();
  expect(texts()).toEqual(['one two', 'seven eight']);
  expect(reader.getState()).toMatchObject({ selected: null, caret: { rowId: behind, offset: 0 } });
  expect(await undone()).toEqual(TEXTS);
});

it('puts what is typed or pasted in the place of the rows in one step', async () => {
  select(0, 2);
  replaceSelected(editor, reader, ['nine', 'ten']);
  await read();
  expect(texts()).toEqual(['nine', 'ten', 'seven eight']);
  expect(reader.getState().caret).toEqual({ rowId: rows[1]?.id, offset: 3 });
  expect(await undone()).toEqual(TEXTS);
});

it('is one step with what is typed on', async () => {
  select(1, 2);
  replaceSelected(editor, reader, ['N'], 'burst');
  await read();
  const [, row] = rows;
  expect(reader.getState().caret).toMatchObject({ rowId: row?.id, burst: 'burst' });
  if (!row) throw new Error('There is no row.');
  editor.edit({ kind: 'text', changes: [{ row, seen: 'N', text: 'No.' }] }, 'burst');
  await read();
  expect(texts()).toEqual(['one two', 'No.', 'seven eight']);
  expect(await undone()).toEqual(TEXTS);
});

it('joins in one step, and every word keeps its time', async () => {
  const before = times();
  select(1, 3);
  joinSelected(editor, reader);
  await read();
  expect(texts()).toEqual(['one two', 'three four five six seven eight']);
  expect(times()).toEqual(before);
  expect(await undone()).toEqual(TEXTS);
});

it('leaves rows selected in whose time a pasted text has no place', async () => {
  select(0, 1);
  replaceSelected(editor, reader, [`${'a '.repeat(5_000)}`]);
  await read();
  expect(texts()).toEqual(TEXTS);
  expect(reader.getState()).toMatchObject({ selected: { anchor: rows[0]?.id }, caret: null });
  replaceSelected(editor, reader, ['nine']);
  await read();
  expect(texts()).toEqual(['nine', 'five six', 'seven eight']);
});
