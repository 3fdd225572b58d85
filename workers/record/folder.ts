import { AppError } from '@/lib/core/errors';

/** Folder of OPFS with recordings that have no end yet. */
export const RECORDINGS_FOLDER = 'recordings';

/** Ending of the copy that knows its length. */
export const FINAL = '.final';

/** @throws STORE_FAILED where the browser has no private files */
export async function recordingsFolder(): Promise<FileSystemDirectoryHandle> {
  if (!navigator.storage?.getDirectory)
    throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(RECORDINGS_FOLDER, { create: true });
}

/** A file of the folder, or `null`. */
export async function findFile(name: string): Promise<FileSystemFileHandle | null> {
  try {
    return await (await recordingsFolder()).getFileHandle(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}
