import { announce } from './changes';
import { storing } from './db';

/** Formats that are written beside recordings: their ids are the ends of the files' names, too. */
export const BESIDE_FORMATS = ['txt', 'srt', 'vtt', 'json'] as const;

export type BesideFormat = (typeof BESIDE_FORMATS)[number];

/** The folder whose new recordings are transcribed. */
export interface WatchedFolderRecord {
  /** There is one. */
  id: 'folder';
  handle: FileSystemDirectoryHandle;
  /** Transcripts are written beside their recordings in this format; `null`: they are not. */
  writes: BesideFormat | null;
}

/** A recording that was in a watched folder. */
export interface WatchedFileRecord {
  /** Of its content: it stays the same when the file is renamed or moved. */
  fingerprint: string;
  /** Where it was last, from the folder, with slashes. */
  path: string;
  /**
   * `ignored`: it was there when watching began. `taking`: its job is being stored; if it is not there after
   * a crash, the file is taken again. `taken`: it has, or had, a job.
   */
  state: 'ignored' | 'taking' | 'taken';
  /** Of its job. */
  transcriptId: string | null;
  /** The transcript was written beside it, or cannot be. */
  isWritten: boolean;
}

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
