import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { deleteDB } from 'idb';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { joinWords } from '@/lib/core';
import {
  type Edit,
  patched,
  type Row,
  type RowRef,
  type TranscriptSegment,
} from '@/lib/transcript';
import { type Change, onChange } from './changes';
import { closeDatabase, storing } from './db';
import { getRecognised, listEdits, redoEdit, storeEdit, storeTimes, undoEdit } from './edits';
import { addJobs, NO_STATS, storeBatch } from './jobs';
import { getTranscript, keysOf, readTranscript } from './transcripts';

const ID = 'a1';

function segmentsOf(texts: readonly string[], model = ''): TranscriptSegment[] {
  let atMs = 0;
  return texts.map((text, number) => {
    const startMs = atMs;
    const words = text.split(' ').map((word) => {
      atMs += 200;
      return { text: `${word}${model}`, startMs: atMs - 200, endMs: atMs, confidence: 0.4 };
    });
    const endMs = atMs;
    atMs += 500;
    return {
      id: `seg-${number}`,
      startMs,
      endMs,
      speakerId: null,
      text: joinWords(words.map((word) => word.text)),
      edited: false,
      words,
    };
  });
}

/** Stores what was recognised of a recording, or of its next part. */
async function recognise(
  segments: TranscriptSegment[],
  nextIndex: number,
  batches: number,
): Promise<void> {
  await storeBatch(ID, {
    segments,
    endMs: segments.at(-1)?.endMs ?? 0,
    peaks: [],
    notices: [],
    progress: {
      checkpoint: null,
      nextIndex,
      batches,
      decoder: null,
      doneMs: 0,
      audioTrack: 0,
      loudest: 0,
    },
    stats: NO_STATS,
    durationMs: 60_000,
  });
}

async function rowsNow(): Promise<Row[]> {
  const [rows, words] = await storing((db) =>
    Promise.all([db.getAll('segments', keysOf(ID)), db.getAll('words', keysOf(ID))]),
  );
  return rows.map(({ transcriptId: _, wordCount: _count, ...row }) => ({
    ...row,
    words: words.find(({ index }) => index === row.index)?.words ?? [],
  }));
}

const textsNow = async () => (await rowsNow()).map(({ text }) => text);
const ref = ({ index, id, startMs, endMs }: Row): RowRef => ({ index, id, startMs, endMs });
const OPTIONS = { by: null, shown: null };

async function rowAt(at: number): Promise<Row> {
  const row = (await rowsNow()).at(at);
  if (!row) throw new Error(`No row ${at}.`);
  return row;
}

async function write(at: number, text: string, burst?: string) {
  const row = await rowAt(at);
  const edit: Edit = { kind: 'text', changes: [{ row: ref(row), seen: row.text, text }] };
  return storeEdit(ID, edit, { ...OPTIONS, ...(burst && { burst }) });
}

/** A transcript as its job has left it, and nothing else. */
async function startOver(): Promise<void> {
  await storing(async (db) => {
    for (const name of db.objectStoreNames) await db.clear(name);
  });
  const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 1, sha256: null };
  await addJobs([{ id: ID, title: 'A', source, media: 'none' }]);
  await recognise(segmentsOf(['most of the boats', 'had come home', 'nobody was here']), 3, 1);
}

beforeEach(startOver);
afterAll(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

describe('an edit', () => {
  it('changes the rows and keeps what was recognised', async () => {
    await write(1, 'had already come home');
    expect(await textsNow()).toEqual([
      'most of the boats',
      'had already come home',
      'nobody was here',
    ]);
    const recognised = (await getRecognised(ID)).map(({ text }) => text);
    expect(recognised).toEqual(['most of the boats', 'had come home', 'nobody was here']);
    expect((await getTranscript(ID))?.wordCount).toBe(11);
    expect((await readTranscript(ID)).segments[1]).toMatchObject({ edited: true });
  });

  it('is taken back and applied again, in order and over any number', async () => {
    for (let number = 0; number < 20; number++) await write(0, `text ${number}`);
    const last = await rowsNow();
    for (let number = 0; number < 20; number++) await undoEdit(ID);
    expect(await textsNow()).toEqual(['most of the boats', 'had come home', 'nobody was here']);
    expect((await undoEdit(ID)).patch).toBeNull();
    for (let number = 0; number < 20; number++) await redoEdit(ID);
    expect(await rowsNow()).toEqual(last);
    expect((await redoEdit(ID)).patch).toBeNull();
  });

  it('after undo ends what could be applied again', async () => {
    await write(0, 'one');
    await write(0, 'two');
    await undoEdit(ID);
    const { edits } = await write(0, 'three');
    expect(edits).toEqual({ done: 2, total: 2 });
    expect((await listEdits(ID)).map(({ patch }) => patch.added[0]?.text)).toEqual([
      'one',
      'three',
    ]);
  });

  it('of one burst of typing is undone with the others', async () => {
    await write(0, 'most of them', 'burst');
    await write(0, 'most of them all', 'burst');
    await write(0, 'most of them all', 'burst');
    expect((await getTranscript(ID))?.edits).toEqual({ done: 1, total: 1 });
    await undoEdit(ID);
    expect(await textsNow()).toEqual(['most of the boats', 'had come home', 'nobody was here']);
  });

  it('that was made on what another tab has changed keeps both', async () => {
    const seen = await rowAt(0);
    await write(0, 'most of the big boats');
    const late: Edit = {
      kind: 'text',
      changes: [{ row: ref(seen), seen: seen.text, text: 'Most of the boats' }],
    };
    const changes: Change[] = [];
    const stop = onChange((change) => changes.push(change));
    await storeEdit(ID, late, {
      ...OPTIONS,
      shown: { removed: [seen], added: [], relabelled: [], speakers: null },
    });
    stop();
    expect(await textsNow()).toContain('Most of the big boats');
    // the page shows something else: it reads the rows again
    expect(changes.map(({ kind }) => kind)).toContain('restarted');
  });

  it('has the rows read again while more of them are coming in', async () => {
    const changes: Change[] = [];
    const stop = onChange((change) => changes.push(change));
    await write(0, 'most of them');
    stop();
    expect(changes.map(({ kind }) => kind)).toContain('segments');
  });

  it('names speakers, and a row’s speaker is in the export', async () => {
    const speakers = [{ id: 's1', name: 'Ada' }];
    const rows = (await rowsNow()).slice(1).map(ref);
    await storeEdit(ID, { kind: 'speaker', rows, speakerId: 's1', speakers }, OPTIONS);
    const exported = await readTranscript(ID);
    expect(exported.speakers).toEqual(speakers);
    expect(exported.segments.map(({ speakerId }) => speakerId)).toEqual([null, 's1', 's1']);
    await undoEdit(ID);
    expect((await readTranscript(ID)).speakers).toEqual([]);
    expect((await rowsNow()).map(({ speakerId }) => speakerId)).toEqual([null, null, null]);
  });

  it('that finds the disk full only when it is committed says so, and changes nothing', async () => {
    const before = await rowsNow();
    const { put } = IDBObjectStore.prototype;
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value: unknown,
    ) {
      const request = put.call(this, value);
      // the last of an edit; the package's own way to abort as a browser does, which its types leave out
      const { _abort } = this.transaction as IDBTransaction & { _abort(name: string): void };
      if (this.name === 'transcripts')
        request.addEventListener('success', () =>
          _abort.call(this.transaction, 'QuotaExceededError'),
        );
      return request;
    });
    await expect(write(1, 'had already come home')).rejects.toMatchObject({ code: 'STORE_QUOTA' });
    expect(await rowsNow()).toEqual(before);
  });

  it('of a transcript that is gone fails', async () => {
    await expect(storeEdit('gone', { kind: 'delete', rows: [] }, OPTIONS)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

it('gives typed words other times as part of their edit', async () => {
  await write(1, 'had already come home');
  const row = await rowAt(1);
  const words = row.words.map((word, at) => ({ ...word, endMs: word.endMs - at }));
  await storeTimes(ID, ref(row), words);
  expect((await rowAt(1)).words).toEqual(words);
  expect((await getTranscript(ID))?.edits).toEqual({ done: 1, total: 1 });
  await undoEdit(ID);
  await redoEdit(ID);
  expect((await rowAt(1)).words).toEqual(words);
  // of a text that is another by now nothing is changed
  await write(1, 'had come');
  const before = await rowAt(1);
  await storeTimes(ID, ref(row), words);
  expect(await rowAt(1)).toEqual(before);
});

describe('recognising again', () => {
  it('leaves what was typed, replaces the rest, and undo still works', async () => {
    await write(1, 'had already come HOME');
    // a better model begins at the start again
    await storing(async (db) => {
      const job = await db.get('jobs', ID);
      if (job) await db.put('jobs', { ...job, nextIndex: 0, batches: 0, isSecondPass: true });
    });
    await recognise(
      segmentsOf(['most of the boats', 'had come home', 'nobody was here'], '!'),
      3,
      1,
    );
    expect(await textsNow()).toEqual([
      'most! of! the! boats!',
      'had already come HOME',
      'nobody! was! here!',
    ]);
    expect((await getRecognised(ID)).map(({ text }) => text)).toContain('had! come! home!');
    await undoEdit(ID);
    expect(await textsNow()).toEqual([
      'most! of! the! boats!',
      'had come home',
      'nobody! was! here!',
    ]);
    await redoEdit(ID);
    expect((await textsNow())[1]).toBe('had already come HOME');
  });
});

it('keeps what was typed on words that a better model has replaced meanwhile', async () => {
  const seen = await rowAt(1);
  await storing(async (db) => {
    const job = await db.get('jobs', ID);
    if (job) await db.put('jobs', { ...job, nextIndex: 0, batches: 0, isSecondPass: true });
  });
  await recognise(segmentsOf(['Most of the boats', 'had come, home.', 'Nobody was here.']), 3, 1);
  const text = 'had already come home';
  await storeEdit(
    ID,
    { kind: 'text', changes: [{ row: { ...ref(seen), id: 'gone' }, seen: seen.text, text }] },
    OPTIONS,
  );
  expect((await textsNow())[1]).toBe('had already come, home.');
});

/** What a tab shows, by the changes it is notified of. */
class Tab {
  rows: Row[] = [];
  private readonly stop: () => void;

  constructor() {
    this.stop = onChange(({ kind, patch }) => {
      if (kind === 'edited' && patch) this.rows = patched(this.rows, patch);
    });
  }

  close(): void {
    this.stop();
  }
}

it('two tabs that edit and undo by turns end alike, and as stored', async () => {
  const anyStep = fc.record({
    tab: fc.nat(1),
    kind: fc.constantFrom('text', 'split', 'merge', 'delete', 'undo', 'redo', 'look'),
    which: fc.nat(),
    text: fc.constantFrom('sea', 'the sea is', 'boats', 'a b c d'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), async (steps) => {
      await startOver();
      const start = await rowsNow();
      const tabs = [new Tab(), new Tab()];
      // each tab acts on what it saw when it last looked
      const seen = [start, start];
      for (const tab of tabs) tab.rows = start;
      for (const [number, { tab, kind, which, text }] of steps.entries()) {
        const rows = seen[tab] ?? [];
        const row = rows[which % Math.max(1, rows.length)];
        if (kind === 'look') seen[tab] = tabs[tab]?.rows ?? [];
        else if (kind === 'undo') await undoEdit(ID);
        else if (kind === 'redo') await redoEdit(ID);
        else if (row) {
          const edits: Record<string, Edit> = {
            text: { kind: 'text', changes: [{ row: ref(row), seen: row.text, text }] },
            split: {
              kind: 'split',
              row: ref(row),
              seen: row.text,
              offset: 4,
              atMs: row.startMs + 200,
              newId: `n${number}`,
            },
            merge: { kind: 'merge', row: ref(row) },
            delete: { kind: 'delete', rows: [ref(row)] },
          };
          const edit = edits[kind];
          if (edit) await storeEdit(ID, edit, OPTIONS);
        }
      }
      const stored = await rowsNow();
      for (const tab of tabs) {
        tab.close();
        expect(tab.rows).toEqual(stored);
      }
      const { edits } = (await getTranscript(ID)) ?? {};
      for (let number = 0; number < (edits?.done ?? 0); number++) await undoEdit(ID);
      expect(await rowsNow()).toEqual(start);
    }),
    { numRuns: 30 },
  );
});
