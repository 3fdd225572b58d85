import { announce } from './changes';
import { storingIn } from './db';
import type { TranscriptLibraryId } from './library';
import { filesBytes, removeFiles } from './library-files';
import { isPersonal } from './setting-values';
import { keptSettings } from './settings';
import { dropAllKept } from './unsaved';

/** The contents of a library. */
export interface TranscriptLibraryContents {
  /** Titles of all transcripts, newest first, unfinished ones included. */
  titles: string[];
  unfinished: number;
  /** Number of entries in the custom vocabulary. */
  terms: number;
}

/** The contents of a library; `null` if it is empty. */
export async function libraryContents(
  library: TranscriptLibraryId,
): Promise<TranscriptLibraryContents | null> {
  const [records, stored] = await storingIn(library, (db) =>
    Promise.all([db.getAll('transcripts'), db.get('settings', 'vocabulary')]),
  );
  const vocabulary = keptSettings(library).find(({ name }) => name === 'vocabulary') ?? stored;
  const there = records
    .filter(({ deletedAt }) => deletedAt === null)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const terms = Array.isArray(vocabulary?.value) ? vocabulary.value.length : 0;
  if (there.length === 0 && terms === 0) return null;
  return {
    titles: there.map(({ title }) => title),
    unfinished: there.filter(({ state }) => state === 'partial').length,
    terms,
  };
}

/** Size of the recordings of a library, in bytes. */
export const libraryBytes = filesBytes;

/**
 * Removes everything in a library permanently: transcripts, jobs, recordings and its user's settings.
 * Settings of the device stay. Tabs that have it open see it empty and end its jobs.
 */
export async function removeLibrary(library: TranscriptLibraryId): Promise<void> {
  await storingIn(library, async (db) => {
    const tx = db.transaction([...db.objectStoreNames], 'readwrite');
    const names = await tx.objectStore('settings').getAllKeys();
    await Promise.all([
      ...[...db.objectStoreNames]
        .filter((name) => name !== 'settings')
        .map((name) => tx.objectStore(name).clear()),
      ...names.filter(isPersonal).map((name) => tx.objectStore('settings').delete(name)),
      tx.done,
    ]);
  });
  await removeFiles(library);
  dropAllKept(library);
  for (const kind of [
    'transcripts',
    'jobs',
    'settings',
    'elsewhere',
    'outbox',
    'share-links',
  ] as const)
    announce(kind);
}
