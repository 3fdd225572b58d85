import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeDatabase, storing } from './db';
import { getSetting, setSetting } from './settings';
import { stubLocalStorage } from './test-libraries';

let kept: Record<string, string>;

beforeEach(() => {
  kept = stubLocalStorage();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await closeDatabase();
  await deleteDB('ai2text');
});

const stored = async () => (await storing((db) => db.get('settings', 'vocabulary')))?.value;

/** The page goes away while it stores: the browser aborts that. */
async function leaveWith(entries: string[]): Promise<void> {
  const { put } = IDBObjectStore.prototype;
  const aborting = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    record: { value: unknown },
  ) {
    if (record.value === entries) throw new DOMException('A test wants it.', 'AbortError');
    return put.call(this, record);
  });
  await expect(setSetting('vocabulary', entries)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  aborting.mockRestore();
}

it('keeps a list that a page was left with, and stores it when it is read', async () => {
  await setSetting('vocabulary', ['Ada']);
  expect(kept).toEqual({});
  await leaveWith(['Ada', 'Ben']);
  expect(await stored()).toEqual(['Ada']);
  expect(await getSetting('vocabulary')).toEqual(['Ada', 'Ben']);
  expect(await stored()).toEqual(['Ada', 'Ben']);
  expect(kept).toEqual({});
});

it('keeps a newer list while an older one is being stored', async () => {
  const older = setSetting('vocabulary', ['Ada']);
  await leaveWith(['Ben']);
  await older;
  expect(await getSetting('vocabulary')).toEqual(['Ben']);
  expect(await stored()).toEqual(['Ben']);
});

it('reads what is stored where what was kept cannot be read', async () => {
  await setSetting('vocabulary', ['Ada']);
  for (const broken of ['{', '[61]', JSON.stringify(['x'.repeat(61)])]) {
    await leaveWith(['Ben']);
    for (const key of Object.keys(kept)) kept[key] = broken;
    vi.spyOn(console, 'warn').mockReturnValue();
    expect(await getSetting('vocabulary')).toEqual(['Ada']);
  }
});
