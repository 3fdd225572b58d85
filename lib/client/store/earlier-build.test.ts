// `fixtures/database-2.json` is the database of a browser as the build of 28 November 2026 left it: one
// transcript (retitled), one recording in which nothing was said, and settings, a share link, a remote
// transcript and a change that waits for the server. Today's store must read all of it.
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { deleteDB, openDB } from 'idb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeDatabase } from './db';
import { getJob, listJobs } from './jobs';
import { readPendingSummary } from './outbox';
import { listRemoteTranscripts } from './remote-transcripts';
import { getSetting } from './settings';
import { listShareLinks } from './share-links';
import {
  getPeaks,
  getSegments,
  getTranscript,
  getWords,
  listTranscripts,
  readTranscript,
} from './transcripts';

const ID = 'fd04b1c8-fd8f-4a51-9dda-44b7eecc24de';
const SILENT = '19c23a2f-eb6b-46f8-8260-32e8cf3ba742';
const TEXT =
  'The weather office said that heavy rain would reach the coast before noon. Most of the boats had already come home. Nobody on the pier was in a hurry to leave.';

interface StoredDatabase {
  version: number;
  stores: { name: string; keyPath: string | string[]; records: unknown[] }[];
}

/** Bytes are `{ "$bytes": […] }` in the file. */
function revive(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$bytes' in value
    ? Uint8Array.from(value.$bytes as number[]) // written so by the dump
    : value;
}

beforeAll(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
  const file = readFileSync(new URL('./fixtures/database-2.json', import.meta.url), 'utf8');
  const { version, stores }: StoredDatabase = JSON.parse(file, revive);
  const db = await openDB('ai2text', version, {
    upgrade(made) {
      for (const { name, keyPath } of stores) made.createObjectStore(name, { keyPath });
    },
  });
  for (const { name, records } of stores) for (const record of records) await db.put(name, record);
  db.close();
});

afterAll(async () => {
  await closeDatabase();
  await deleteDB('ai2text');
});

it('lists what an earlier build stored, under the titles given there', async () => {
  const titles = (await listTranscripts()).map(({ title }) => title);
  expect(titles.sort()).toEqual([
    'An interview with Größe, renamed',
    'Recording Nov 28, 2026, 9:42:36 PM',
  ]);
});

it('reads the text, the words and the waveform', async () => {
  expect((await getSegments(ID)).map(({ text }) => text)).toEqual([TEXT]);
  const words = (await getWords(ID, 0, 1)).get(0);
  expect(words).toHaveLength(31);
  expect(words?.[1]).toMatchObject({ text: 'weather', startMs: 726, endMs: 1044 });
  expect((await getPeaks(ID)).length).toBeGreaterThan(0);
  const whole = await readTranscript(ID);
  expect(whole).toMatchObject({ version: 1, id: ID, language: 'en' });
  expect(whole.segments[0]?.words).toHaveLength(31);
});

it('keeps why a job failed, and that another is done', async () => {
  expect(await getJob(SILENT)).toMatchObject({ intent: 'failed', error: { code: 'NO_SPEECH' } });
  expect(await getJob(ID)).toMatchObject({ intent: 'done' });
  expect(await listJobs()).toHaveLength(2);
  expect((await getTranscript(SILENT))?.capture?.inputs).toEqual(['Fake Default Audio Input']);
});

it('keeps the settings, the vocabulary and the choice of backend', async () => {
  expect(await getSetting('vocabulary')).toEqual(['Kubernetes', 'Anna Schmidt']);
  expect(await getSetting('numbers')).toBe('figures');
  expect(await getSetting('language')).toBe('en');
  expect(await getSetting('playbackRate')).toBe(1.5);
  expect((await getSetting('backendChoices'))['ai2text-base']?.backend).toBe('wasm');
});

it('keeps share links, transcripts of other devices and what waits for the server', async () => {
  expect(await listShareLinks()).toMatchObject([{ transcriptId: ID, hasPassword: true }]);
  expect((await listRemoteTranscripts()).map(({ title }) => title)).toEqual([
    'On the other device',
  ]);
  expect(await readPendingSummary(ID)).toMatchObject({ title: 'An interview with Größe, renamed' });
});
