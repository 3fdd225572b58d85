import 'fake-indexeddb/auto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Transcript } from '@/lib/transcript';
import { type Change, onChange } from './changes';
import { closeDatabase, storing } from './db';
import { importTranscript } from './import-transcript';
import { listJobs } from './jobs';
import { getTranscript, listTranscripts, readTranscript, setDeleted } from './transcripts';

const ID = '7b1f2f1e-0000-4000-8000-000000000000';

function transcript(rows = 2): Transcript {
  return {
    version: 1,
    id: ID,
    title: 'Talk',
    language: 'en',
    createdAt: '2026-01-02T03:04:05.000Z',
    durationMs: rows * 1000,
    source: { name: 'talk.srt', mediaType: '', sizeBytes: 10, sha256: null },
    model: { id: 'unknown', backend: 'wasm', precision: 'unknown' },
    speakers: [{ id: 's1', name: 'Ann' }],
    segments: Array.from({ length: rows }, (_, at) => ({
      id: `row-${at}`,
      startMs: at * 1000,
      endMs: at * 1000 + 900,
      speakerId: 's1',
      text: 'One two.',
      edited: false,
      words: [
        { text: 'One', startMs: at * 1000, endMs: at * 1000 + 400, confidence: 1 },
        { text: 'two.', startMs: at * 1000 + 400, endMs: at * 1000 + 900, confidence: 1 },
      ],
    })),
    marks: [{ atMs: 5 }],
  };
}

async function empty(): Promise<void> {
  await storing(async (db) => {
    for (const name of db.objectStoreNames) await db.clear(name);
  });
}

beforeEach(empty);
afterAll(async () => {
  await empty();
  await closeDatabase();
});

describe('importTranscript', () => {
  it('takes what is no language tag for a language that is not known', async () => {
    await importTranscript({ ...transcript(), language: 'en,de' });
    expect((await getTranscript(ID))?.language).toBe('und');
  });

  it('stores the whole of it, and no job', async () => {
    const changes: Change[] = [];
    const stop = onChange((change) => changes.push(change));
    const given = transcript(120);
    expect(await importTranscript(given)).toBe(ID);
    stop();
    expect(await readTranscript(ID)).toEqual(given);
    expect(await listJobs()).toEqual([]);
    expect(await getTranscript(ID)).toMatchObject({
      state: 'complete',
      media: 'none',
      model: null,
      wordCount: 240,
    });
    expect(changes).toContainEqual({ kind: 'transcripts', id: ID });
  });

  it('gives it an id of its own where there is one already, also a deleted one', async () => {
    await importTranscript(transcript());
    await setDeleted(ID, true);
    const id = await importTranscript({ ...transcript(), title: 'Again' });
    expect(id).not.toBe(ID);
    expect((await listTranscripts()).map(({ title }) => title)).toEqual(['Again']);
    await setDeleted(ID, false);
    expect((await readTranscript(ID)).title).toBe('Talk');
  });

  it('gives rows with the same id ids of their own', async () => {
    const given = transcript(3);
    const segments = given.segments.map((segment) => ({ ...segment, id: 'same' }));
    await importTranscript({ ...given, segments });
    const ids = (await readTranscript(ID)).segments.map((segment) => segment.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('counts a date that is not one as now', async () => {
    await importTranscript({ ...transcript(), createdAt: 'yesterday' });
    const made = Date.parse((await getTranscript(ID))?.createdAt ?? '');
    expect(Math.abs(made - Date.now())).toBeLessThan(60_000);
  });
});
