import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { closeDatabase, onOutdated, storing } from './db';
import { addJobs, listJobs } from './jobs';
import { DATABASE_VERSION } from './schema';
import { getSetting } from './settings';
import { listTranscripts } from './transcripts';

const NAME = 'ai2text';
let outdated: number;

beforeEach(async () => {
  await closeDatabase();
  const before = indexedDB;
  vi.stubGlobal('indexedDB', new IDBFactory());
  outdated = 0;
  onOutdated(() => {
    outdated += 1;
  });
  onTestFinished(async () => {
    onOutdated(() => undefined);
    await closeDatabase();
    vi.stubGlobal('indexedDB', before);
  });
});

const source = { name: 'a.wav', mediaType: 'audio/wav', sizeBytes: 10, sha256: null };
const addOne = () => addJobs([{ id: 'a', title: 'A', source, media: 'none' }]);

/** A tab with the first build of the app, which has the database open and stored one setting. */
async function olderBuild() {
  const db = await openDB(NAME, 1, {
    upgrade(made) {
      for (const store of ['transcripts', 'jobs']) made.createObjectStore(store, { keyPath: 'id' });
      for (const store of ['segments', 'words'])
        made.createObjectStore(store, { keyPath: ['transcriptId', 'index'] });
      made.createObjectStore('peaks', { keyPath: ['transcriptId', 'firstPeak'] });
      made.createObjectStore('settings', { keyPath: 'name' });
    },
  });
  await db.put('settings', { name: 'modelId', value: 'whisper-base' });
  return db;
}

/** Does a step, and lets the time pass after which what it waits for is given up. */
async function afterWaiting<T>(ms: number, step: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const done = step();
    done.catch(() => undefined); // reported to the caller below
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(ms);
    return await done;
  } finally {
    vi.useRealTimers();
  }
}

describe('the database', () => {
  it('reports that another tab blocks its upgrade, and opens once that tab is closed', async () => {
    // it does not close
    const old = await olderBuild();
    await expect(afterWaiting(3_000, listTranscripts)).rejects.toMatchObject({
      code: 'STORE_BLOCKED',
    });
    old.close();
    expect(await listTranscripts()).toEqual([]);
    await addOne();
    expect(await listJobs()).toHaveLength(1);
    // what the older build stored is there
    expect(await getSetting('modelId')).toBe('whisper-base');
  });

  it('lets a newer build upgrade it, and notifies the page that it is outdated', async () => {
    await addOne();
    const newer = await openDB(NAME, DATABASE_VERSION + 1);
    expect(outdated).toBe(1);
    // the page of the older build cannot store any more, and says so
    await expect(listJobs()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    newer.close();
  });

  it('leaves no connection open after opening timed out', async () => {
    const old = await olderBuild();
    await expect(afterWaiting(3_000, listTranscripts)).rejects.toMatchObject({
      code: 'STORE_BLOCKED',
    });
    // now it opens after all, with nobody waiting for it
    old.close();
    await vi.waitFor(async () => {
      const versions = (await indexedDB.databases()).map(({ version }) => version);
      expect(versions).toEqual([DATABASE_VERSION]);
    });
    // nothing holds it: it can be deleted without that anyone is asked
    let blocked = false;
    await new Promise<void>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(NAME);
      deleting.onblocked = () => {
        blocked = true;
      };
      deleting.onsuccess = () => resolve();
      deleting.onerror = () => reject(deleting.error);
    });
    expect([blocked, outdated]).toEqual([false, 0]);
  });

  it('times out if it does not open, and tries again at the next call', async () => {
    const open = vi
      .spyOn(indexedDB, 'open')
      // a disk that does not answer
      .mockImplementationOnce(() => new IDBOpenDBRequest());
    await expect(afterWaiting(30_000, listTranscripts)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: 'The database did not open in time.',
    });
    expect(await listTranscripts()).toEqual([]);
    expect(open).toHaveBeenCalledTimes(2);
  });
});

describe('a storage failure', () => {
  it.each([
    ['QuotaExceededError', 'STORE_QUOTA'],
    ['UnknownError', 'STORE_FAILED'],
    // the platform aborts what belongs to a transaction that failed: nobody asked for it
    ['AbortError', 'STORE_FAILED'],
  ])('of the kind %s is never an empty list: it is %s', async (name, code) => {
    await addOne();
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementationOnce(() => {
      throw new DOMException('No.', name);
    });
    await expect(listTranscripts()).rejects.toMatchObject({ code });
    expect(await listTranscripts()).toHaveLength(1);
  });

  it('is passed on unchanged if it already has a code', async () => {
    const step = () => Promise.reject(new TypeError('A mistake.'));
    await expect(storing(step)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});
