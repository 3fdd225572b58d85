import { toAppError } from '@/lib/core';
import { announce } from './changes';
import { storingIn } from './db';
import { libraryName, type TranscriptLibraryId } from './library';
import { isFileOf, LIBRARY_FOLDERS, libraryFolder, moveFile } from './library-files';
import { enqueueForServer } from './outbox';
import { removeLibrary } from './remove-library';
import type { MediaState, Settings } from './schema';
import { isPersonal, settingOf } from './settings';
import { isShareable } from './summaries';
import { keysOf } from './transcripts';

/** Held by the tab that moves transcripts from one library to another. */
const MOVE_LOCK = 'ai2text:move';

/** What came of a move. */
export interface Moved {
  moved: number;
  /** Those that another tab records or reads right now: they stay where they are. */
  left: number;
}

/**
 * Moves every transcript with all that belongs to it, unfinished jobs and recordings too, one after
 * another: it is written whole where it comes to, then its files are moved, and only then is it
 * removed where it was. That a move is under way is stored; one that broke off is ended before either
 * library is used again (`finishMove`). Choices that the other library's user has not made come along.
 * @throws STORE_QUOTA, STORE_FAILED; what was moved by then is moved
 */
export function moveLibrary(from: TranscriptLibraryId, to: TranscriptLibraryId): Promise<Moved> {
  return withLock(MOVE_LOCK, async () => {
    const value: Settings['moving'] = { from, to };
    await storingIn(null, (db) => db.put('settings', { name: 'moving', value }));
    return moveAll(from, to);
  });
}

/** Ends a move that broke off, if any; waits for one that another tab is at. */
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
  // titles of other devices and what waits for the server are an account's: with it they go
  if (from !== null && left === 0) await removeLibrary(from);
  await storingIn(null, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    // nothing is left of whom an older build had kept it for
    if (from === null && left === 0) await tx.store.delete('sync');
    await tx.store.delete('moving');
    await tx.done;
  });
  for (const kind of ['transcripts', 'jobs', 'elsewhere', 'outbox', 'settings'] as const)
    announce(kind);
  return { moved: movable.length, left };
}

/** Those that are not deleted; unfinished ones in the order of the queue. */
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

/** Transcripts whose sound is still coming in: a tab holds a lock for each (`lib/client/recording`, `lib/client/jobs`). */
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
  // nobody takes a recording for one that broke off before its sound has come, too
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
    await removeRecords(from, id);
  });
  for (const kind of ['transcripts', 'jobs', 'segments', 'share-links'] as const)
    announce(kind, id);
}

/** What is told of a recording while it is on its way; the tab that copied one is gone. */
const ON_THE_WAY: Record<MediaState, MediaState> = {
  kept: 'copying',
  copying: 'none',
  recording: 'recording',
  none: 'none',
};

/** Writes what belongs to a transcript into another library, all or nothing; never twice. */
async function copyRecords(
  from: TranscriptLibraryId,
  to: TranscriptLibraryId,
  id: string,
): Promise<MediaState | null> {
  const { record, job, segments, words, peaks, links } = await storingIn(from, async (db) => {
    const [record, job, segments, words, peaks, links] = await Promise.all([
      db.get('transcripts', id),
      db.get('jobs', id),
      db.getAll('segments', keysOf(id)),
      db.getAll('words', keysOf(id)),
      db.getAll('peaks', keysOf(id)),
      db.getAll('shareLinks'),
    ]);
    return { record, job, segments, words, peaks, links };
  });
  if (!record) return null;
  await storingIn(to, async (db) => {
    const tx = db.transaction(
      [
        'transcripts',
        'jobs',
        'segments',
        'words',
        'peaks',
        'shareLinks',
        'elsewhere',
        'outbox',
        'settings',
      ],
      'readwrite',
    );
    // it came before the move broke off, and may have been changed since
    if ((await tx.objectStore('transcripts').getKey(id)) !== undefined) return tx.done;
    const queued = await tx.objectStore('jobs').getAll();
    const order = 1 + Math.max(0, ...queued.map((other) => other.order));
    await Promise.all([
      tx.objectStore('transcripts').put({ ...record, media: ON_THE_WAY[record.media] }),
      job && tx.objectStore('jobs').put({ ...job, order }),
      ...segments.map((row) => tx.objectStore('segments').put(row)),
      ...words.map((row) => tx.objectStore('words').put(row)),
      ...peaks.map((row) => tx.objectStore('peaks').put(row)),
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

/** @returns whether its recording is there now */
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
      ['transcripts', 'jobs', 'segments', 'words', 'peaks', 'shareLinks', 'outbox'],
      'readwrite',
    );
    const links = await tx.objectStore('shareLinks').getAll();
    await Promise.all([
      tx.objectStore('transcripts').delete(id),
      tx.objectStore('jobs').delete(id),
      tx.objectStore('segments').delete(keysOf(id)),
      tx.objectStore('words').delete(keysOf(id)),
      tx.objectStore('peaks').delete(keysOf(id)),
      ...links
        .filter(({ transcriptId }) => transcriptId === id)
        .map((link) => tx.objectStore('shareLinks').delete(link.id)),
      tx.objectStore('outbox').delete(id),
      tx.done,
    ]);
  });
}

/** A vocabulary that was made for these transcripts goes with them, unless there is another one. */
async function moveChoices(from: TranscriptLibraryId, to: TranscriptLibraryId): Promise<void> {
  const isChoice = ({ name }: { name: string }) =>
    isPersonal(name) && name !== 'sync' && name !== 'answered';
  const choices = (await storingIn(from, (db) => db.getAll('settings'))).filter(isChoice);
  const taken = await storingIn(to, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    const there = new Set(await tx.store.getAllKeys());
    const missing = choices.filter(({ name }) => !there.has(name));
    await Promise.all([...missing.map((choice) => tx.store.put(choice)), tx.done]);
    return missing;
  });
  await storingIn(from, async (db) => {
    const tx = db.transaction('settings', 'readwrite');
    await Promise.all([...taken.map(({ name }) => tx.store.delete(name)), tx.done]);
  });
}

/** Where there are no locks (plain http) every tab is on its own. */
export async function withLock<T>(name: string, step: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  // settled inside: TypeScript's library promises more of what the callback gives
  return locks ? await locks.request(name, step) : step();
}
