import type { TranscriptLibraryId } from '@/lib/client/store/library';
import { libraryFolder } from '@/lib/client/store/library-files';
import { AppError } from '@/lib/core';

/** Ending of the copy that knows its length. */
export const FINAL = '.final';

/** Recordings of a library that have no end yet. @throws STORE_FAILED where there are no private files */
export async function recordingsFolder(
  library: TranscriptLibraryId,
): Promise<FileSystemDirectoryHandle> {
  const folder = await libraryFolder(library, 'recordings');
  if (!folder) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  return folder;
}

/** A file of the folder, or `null`. */
export async function findFile(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle | null> {
  try {
    return await folder.getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
