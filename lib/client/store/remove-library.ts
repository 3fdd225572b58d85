import { announce } from './changes';
import { storingIn } from './db';
import type { TranscriptLibraryId } from './library';
import { filesBytes, removeFiles } from './library-files';
import { isPersonal } from './settings';

/** What a library holds. */
export interface TranscriptLibraryContents {
  /** Of all transcripts, the newest first, also those that are not finished. */
  titles: string[];
  unfinished: number;
  /** Names in the custom vocabulary. */
  terms: number;
}

/** What a library holds; `null`: nothing. */
export async function libraryContents(
  library: TranscriptLibraryId,
): Promise<TranscriptLibraryContents | null> {
  const [records, vocabulary] = await storingIn(library, (db) =>
    Promise.all([db.getAll('transcripts'), db.get('settings', 'vocabulary')]),
  );
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
 * Removes everything of a library, for good: transcripts, jobs, recordings, and the choices of its
 * user. What is about the device stays. Tabs that have it open see it empty, and end its jobs.
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
