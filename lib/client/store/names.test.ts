import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeDatabase, storing } from './db';
import { setMarkLabel, setTitle, storeKeptNames } from './names';
import { putOldDatabase, removeAllLibraries, stubLocalStorage } from './test-libraries';
import { getTranscript, updateTranscript } from './transcripts';

let kept: Record<string, string>;

beforeEach(async () => {
  kept = stubLocalStorage();
  await putOldDatabase([{ id: 'a', title: 'speech' }]);
  await updateTranscript('a', {
    marks: [
      { id: 'm', atMs: 1_000 },
      { id: 'n', atMs: 65_000, label: 'Her answer' },
    ],
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await removeAllLibraries();
});

const labels = async () => (await getTranscript('a'))?.marks?.map(({ label }) => label);

/** The page goes away while it stores: the browser aborts that. */
async function leaveWith(rename: () => Promise<void>): Promise<void> {
  const aborting = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('A test wants it.', 'AbortError');
  });
  await expect(rename()).rejects.toMatchObject({ code: 'STORE_FAILED' });
  aborting.mockRestore();
  await closeDatabase();
}

it('stores a title, and leaves nothing kept', async () => {
  await setTitle('a', 'Weather report');
  expect((await getTranscript('a'))?.title).toBe('Weather report');
  expect(kept).toEqual({});
});

it('changes a label, and takes it away when nothing is left of it', async () => {
  await setMarkLabel('a', 'm', '  Opening \n words ');
  expect(await labels()).toEqual(['Opening words', 'Her answer']);
  await setMarkLabel('a', 'n', ' ');
  expect(await labels()).toEqual(['Opening words', undefined]);
});

it('keeps the names that a page was left with, and the next page stores them', async () => {
  await leaveWith(() => setTitle('a', 'Weather'));
  await leaveWith(() => setTitle('a', 'Weather report'));
  await leaveWith(() => setMarkLabel('a', 'm', 'Opening words'));
  await leaveWith(() => setMarkLabel('a', 'n', ''));
  expect((await getTranscript('a'))?.title).toBe('speech');
  await storeKeptNames();
  expect((await getTranscript('a'))?.title).toBe('Weather report');
  expect(await labels()).toEqual(['Opening words', undefined]);
  expect(kept).toEqual({});
});

it('keeps the title of a transcript on another device', async () => {
  const times = { title: 1, language: 1, durationMs: 1, wordCount: 1, tags: 0, deleted: 0 };
  await storing((db) =>
    db.put('elsewhere', {
      id: 'r',
      title: 'Kickoff',
      language: 'en',
      durationMs: 1,
      wordCount: 1,
      tags: [],
      createdAt: '2026-11-01T10:00:00.000Z',
      fieldTimes: times,
    }),
  );
  await leaveWith(() => setTitle('r', 'Kickoff with Ana'));
  await storeKeptNames();
  expect((await storing((db) => db.get('elsewhere', 'r')))?.title).toBe('Kickoff with Ana');
  expect(await storing((db) => db.get('outbox', 'r'))).toMatchObject({ deletedAt: null });
});

it('drops names of what is gone, and those that cannot be read', async () => {
  await leaveWith(() => setTitle('a', 'Weather report'));
  await leaveWith(() => setMarkLabel('a', 'm', 'Opening words'));
  for (const key of Object.keys(kept)) if (!key.endsWith('/m')) kept[key] = '7';
  await storing((db) => db.delete('transcripts', 'a'));
  await storeKeptNames();
  expect(kept).toEqual({});
});

it('keeps a name that still cannot be stored', async () => {
  await leaveWith(() => setTitle('a', 'Weather report'));
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('A test wants it.', 'QuotaExceededError');
  });
  await storeKeptNames();
  expect(warn).toHaveBeenCalledOnce();
  expect(Object.values(kept)).toEqual(['"Weather report"']);
});
