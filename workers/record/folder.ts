import type { TranscriptLibraryId } from '@/lib/client/store/library';
import { libraryFolder } from '@/lib/client/store/library-files';
import { AppError } from '@/lib/core';

/** Ending of the copy that knows its length. */
export const FINAL = '.final';

/** Tracks that a recording has, at most: the microphone, and the sound of a tab or of the system. */
export const MAX_TRACKS = 2;

/** The file in which a track is recorded. Stored names: never change. */
export const trackFile = (id: string, track: number) => (track === 0 ? id : `${id}.${track}`);

/** Names of all files that a recording may have. */
export const filesOf = (id: string) => [
  ...Array.from({ length: MAX_TRACKS }, (_, track) => trackFile(id, track)),
  id + FINAL,
];

/** Recordings of a library that have no end yet. @throws STORE_FAILED where there are no private files */
export async function recordingsFolder(
  library: TranscriptLibraryId,
): Promise<FileSystemDirectoryHandle> {
  const folder = await libraryFolder(library, 'recordings');
  if (!folder) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  return folder;
}

/** What finishing a recording needs of a folder: one in OPFS, or one in memory (`memory-folder.ts`). */
export interface RecordingFolder {
  getFileHandle(name: string, options?: { create?: boolean }): Promise<RecordingFileHandle>;
  removeEntry(name: string): Promise<void>;
}

/** A `FileSystemSyncAccessHandle`, which only workers have, as far as it is used. */
export interface SyncAccess {
  write(data: AllowSharedBufferSource, options?: { at?: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

export interface RecordingFileHandle {
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<SyncAccess>;
  createWritable(): Promise<WritableStream<Uint8Array>>;
}

/** A file of the folder, or `null`. */
export async function findFile<H extends RecordingFileHandle>(
  folder: { getFileHandle(name: string): Promise<H> },
  name: string,
): Promise<H | null> {
  try {
    return await folder.getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
