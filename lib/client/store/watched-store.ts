import { announce } from './changes';
import { storing } from './db';
import type { WatchedFileRecord, WatchedFolderRecord } from './watched-records';

/** The watched folder of this library; `null`: none. */
export async function getWatchedFolder(): Promise<WatchedFolderRecord | null> {
  return (await storing((db) => db.get('watchedFolders', 'folder'))) ?? null;
}

/** Stores the watched folder, and what has been seen in it before watching begins. */
export async function putWatchedFolder(
  folder: WatchedFolderRecord,
  seen: readonly WatchedFileRecord[] = [],
): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(['watchedFolders', 'watchedFiles'], 'readwrite');
    const files = tx.objectStore('watchedFiles');
    for (const file of seen) if (!(await files.get(file.fingerprint))) await files.put(file);
    await tx.objectStore('watchedFolders').put(folder);
    await tx.done;
  });
  announce('watched-folder');
}

/** Ends watching. What was taken stays known: it is not taken again when the folder is watched again. */
export async function removeWatchedFolder(): Promise<void> {
  await storing((db) => db.delete('watchedFolders', 'folder'));
  announce('watched-folder');
}

/** All recordings that were seen in watched folders. */
export function listWatchedFiles(): Promise<WatchedFileRecord[]> {
  return storing((db) => db.getAll('watchedFiles'));
}

/** Stores what is known of a recording in the folder. */
export async function putWatchedFile(file: WatchedFileRecord): Promise<void> {
  await storing((db) => db.put('watchedFiles', file));
}
