import type { StoreNames } from 'idb';
import { toAppError } from '@/lib/core';
import { announce } from './changes';
import { storingIn } from './db';
import { enqueueForServer } from './enqueue';
import { libraryName, type TranscriptLibraryId } from './library';
import { isFileOf, LIBRARY_FOLDERS, libraryFolder, moveFile } from './library-files';
import { storeKeptNames } from './names';
import { removeLibrary } from './remove-library';
import type { MediaState, Schema, Settings } from './schema';
import { isPersonal, settingOf } from './setting-values';
import { dropKeptSetting, keptSettings } from './settings';
import { isShareable } from './summaries';
import { keysOf, ROW_STORES } from './transcripts';
import { moveKept } from './unsaved';

/** Held by the tab that moves transcripts between libraries. */
const MOVE_LOCK = 'ai2text:move';

/** The result of a move. */
export interface Moved {
  moved: number;
  /** Transcripts that another tab is recording or reading: they stay where they are. */
  left: number;
}

/**
 * Moves every transcript with all its data, unfinished jobs, recordings and unsaved edits included, one at a time: its
 * records are written to the target, then its files are moved, and only then is it removed from the
 * source. A move in progress is stored, and an interrupted one is finished before either library is
 * used again (`finishMove`). Settings that the target's user has not chosen are moved as well.
 * @throws STORE_QUOTA, STORE_FAILED; transcripts moved before the failure stay moved
 */
export async function moveLibrary(
  from: TranscriptLibraryId,
  to: TranscriptLibraryId,
): Promise<Moved> {
  const moved = await withLock(MOVE_LOCK, async () => {
    const value: Settings['moving'] = { from, to };
    await storingIn(null, (db) => db.put('settings', { name: 'moving', value }));
    return moveAll(from, to);
  });
  // those that came with the transcripts; other pages store them when they start
  await storeKeptNames();
  return moved;
}

/** Finishes an interrupted move, if there is one; waits if another tab is moving. */
export async function finishMove(): Promise<void> {
  if (!(await moveUnderWay())) return;
  await withLock(MOVE_LOCK, async () => {
    const open = await moveUnderWay();
    if (open) await moveAll(open.from, open.to);
  });
}

async function moveUnderWay(): Promise<Settings['moving']> {
  return settingOf('moving', await storingIn(null, (db) => db.get('settings', 'moving')));
}

async function moveAll(from: TranscriptLibraryId, to: TranscriptLibraryId): Promise<Moved> {
  const [ids, inUse] = await Promise.all([idsInOrder(from), idsInUse(from)]);
  const movable = ids.filter((id) => !inUse.has(id));
  for (const id of movable) await moveOne(from, to, id);
  await moveChoices(from, to);
  const left = ids.length - movable.length;
  // remote transcripts and the outbox belong to the account and are removed with it
  if (from !== null && left === 0) await removeLibrary(from);
  await storingIn(null, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    // an older build's note of the owner is no longer needed
    if (from === null && left === 0) await tx.store.delete('sync');
    await tx.store.delete('moving');
    await tx.done;
  });
  for (const kind of ['transcripts', 'jobs', 'elsewhere', 'outbox', 'settings'] as const)
    announce(kind);
  return { moved: movable.length, left };
}

/** Transcripts that are not deleted; unfinished ones in queue order. */
function idsInOrder(library: TranscriptLibraryId): Promise<string[]> {
  return storingIn(library, async (db) => {
    const [records, jobs] = await Promise.all([db.getAll('transcripts'), db.getAll('jobs')]);
    const orders = new Map(jobs.map(({ id, order }) => [id, order]));
    return records
      .filter(({ deletedAt }) => deletedAt === null)
      .map(({ id }) => id)
      .sort((a, b) => (orders.get(a) ?? 0) - (orders.get(b) ?? 0));
  });
}

/** Transcripts that a tab is recording or copying: it holds a lock for each (`lib/client/recording`, `lib/client/jobs`). */
async function idsInUse(library: TranscriptLibraryId): Promise<Set<string>> {
  const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
  const starts = ['recording', 'source'].map((what) => `${libraryName(library)}:${what}:`);
  return new Set(
    held.flatMap(({ name = '' }) =>
      starts.filter((start) => name.startsWith(start)).map((start) => name.slice(start.length)),
    ),
  );
}

async function moveOne(
  from: TranscriptLibraryId,
  to: TranscriptLibraryId,
  id: string,
): Promise<void> {
  // keeps recovery from taking it for an interrupted recording before its files have arrived
  await withLock(`${libraryName(to)}:recording:${id}`, async () => {
    const media = await copyRecords(from, to, id);
    if (media === null) return;
    const hasFile = await moveFiles(from, to, id);
    if (media === 'kept')
      await storingIn(to, async (db) => {
        const tx = db.transaction('transcripts', 'readwrite');
        const record = await tx.store.get(id);
        if (record) await tx.store.put({ ...record, media: hasFile ? 'kept' : 'none' });
        await tx.done;
      });
    moveKept(from, to, id);
    await removeRecords(from, id);
  });
  for (const kind of ['transcripts', 'jobs', 'segments', 'share-links'] as const)
    announce(kind, id);
}

/** The state of a recording while it is being moved; the tab that was copying it has closed. */
const ON_THE_WAY: Record<MediaState, MediaState> = {
  kept: 'copying',
  copying: 'none',
  recording: 'recording',
  none: 'none',
};

/** Writes a transcript's records into another library: all or none, and only once. */
async function copyRecords(
  from: TranscriptLibraryId,
  to: TranscriptLibraryId,
  id: string,
): Promise<MediaState | null> {
  const { record, job, segments, words, peaks, edits, recognised, links } = await storingIn(
    from,
    async (db) => {
      const [record, job, segments, words, peaks, edits, recognised, links] = await Promise.all([
        db.get('transcripts', id),
        db.get('jobs', id),
        db.getAll('segments', keysOf(id)),
        db.getAll('words', keysOf(id)),
        db.getAll('peaks', keysOf(id)),
        db.getAll('edits', keysOf(id)),
        db.getAll('recognised', keysOf(id)),
        db.getAll('shareLinks'),
      ]);
      return { record, job, segments, words, peaks, edits, recognised, links };
    },
  );
  if (!record) return null;
  await storingIn(to, async (db) => {
    const stores: StoreNames<Schema>[] = [
      'transcripts',
      'jobs',
      ...ROW_STORES,
      'shareLinks',
      'elsewhere',
      'outbox',
      'settings',
    ];
    const tx = db.transaction(stores, 'readwrite');
    // it arrived before the move was interrupted, and may have changed since
    if ((await tx.objectStore('transcripts').getKey(id)) !== undefined) return tx.done;
    const queued = await tx.objectStore('jobs').getAll();
    const order = 1 + Math.max(0, ...queued.map((other) => other.order));
    await Promise.all([
      tx.objectStore('transcripts').put({ ...record, media: ON_THE_WAY[record.media] }),
      job && tx.objectStore('jobs').put({ ...job, order }),
      ...segments.map((row) => tx.objectStore('segments').put(row)),
      ...words.map((row) => tx.objectStore('words').put(row)),
      ...peaks.map((row) => tx.objectStore('peaks').put(row)),
      ...edits.map((row) => tx.objectStore('edits').put(row)),
      ...recognised.map((row) => tx.objectStore('recognised').put(row)),
      ...links
        .filter(({ transcriptId }) => transcriptId === id)
        .map((link) => tx.objectStore('shareLinks').put(link)),
      tx.objectStore('elsewhere').delete(id),
      isShareable(record) && enqueueForServer(tx, id, null),
    ]);
    return tx.done;
  });
  return record.media;
}

/** @returns whether the target has its recording now */
async function moveFiles(
  from: TranscriptLibraryId,
  to: TranscriptLibraryId,
  id: string,
): Promise<boolean> {
  try {
    for (const name of LIBRARY_FOLDERS) {
      const [source, target] = [await libraryFolder(from, name), await libraryFolder(to, name)];
      if (!source || !target) return false;
      const names: string[] = [];
      for await (const file of source.keys()) if (isFileOf(file, id)) names.push(file);
      for (const file of names)
        await moveFile({ folder: source, name: file }, { folder: target, name: file });
    }
    await (await libraryFolder(to, 'media'))?.getFileHandle(id);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return false;
    throw toAppError(error, 'STORE_FAILED');
  }
}

function removeRecords(library: TranscriptLibraryId, id: string): Promise<void> {
  return storingIn(library, async (db) => {
    const tx = db.transaction(
      ['transcripts', 'jobs', 'shareLinks', 'outbox', ...ROW_STORES],
      'readwrite',
    );
    const links = await tx.objectStore('shareLinks').getAll();
    await Promise.all([
      tx.objectStore('transcripts').delete(id),
      tx.objectStore('jobs').delete(id),
      ...ROW_STORES.map((store) => tx.objectStore(store).delete(keysOf(id))),
      ...links
        .filter(({ transcriptId }) => transcriptId === id)
        .map((link) => tx.objectStore('shareLinks').delete(link.id)),
      tx.objectStore('outbox').delete(id),
      tx.done,
    ]);
  });
}

/** Moves settings such as the vocabulary, unless the target has its own. */
async function moveChoices(from: TranscriptLibraryId, to: TranscriptLibraryId): Promise<void> {
  const isChoice = ({ name }: { name: string }) =>
    isPersonal(name) && name !== 'sync' && name !== 'answered';
  const stored = (await storingIn(from, (db) => db.getAll('settings'))).filter(isChoice);
  // what a page did not get to store is newer
  const choices = new Map(
    [...stored, ...keptSettings(from)].map((choice) => [choice.name, choice]),
  );
  const taken = await storingIn(to, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    const there = new Set(await tx.store.getAllKeys());
    for (const { name } of keptSettings(to)) there.add(name);
    const missing = [...choices.values()].filter(({ name }) => !there.has(name));
    await Promise.all([...missing.map((choice) => tx.store.put(choice)), tx.done]);
    return missing;
  });
  await storingIn(from, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    await Promise.all([...taken.map(({ name }) => tx.store.delete(name)), tx.done]);
  });
  for (const { name } of taken) dropKeptSetting(name, from);
}

/** Runs a step under a lock; without one where there are no locks (plain http). */
export async function withLock<T>(name: string, step: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  // awaited here: TypeScript's library types the callback's result differently
  return locks ? await locks.request(name, step) : step();
}
