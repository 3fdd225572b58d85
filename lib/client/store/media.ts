import { AppError, isPrivateSession, throwIfAborted, toAppError } from '@/lib/core';
import { currentLibrary } from './current-library';
import { type LibraryFolder, libraryFolder, moveFile } from './library-files';

/** How much the browser lets this site store, in bytes; `null` where it does not report it. */
export interface StorageFacts {
  usedBytes: number | null;
  quotaBytes: number | null;
  /** Whether the browser promised not to clear it under pressure. */
  persisted: boolean;
}

/** Asks the browser; never throws. */
export async function storageFacts(): Promise<StorageFacts> {
  const storage = navigator.storage;
  if (!storage?.estimate) return { usedBytes: null, quotaBytes: null, persisted: false };
  const [estimate, persisted] = await Promise.all([
    storage.estimate(),
    storage.persisted?.() ?? false,
  ]);
  return {
    usedBytes: estimate.usage ?? null,
    quotaBytes: estimate.quota ?? null,
    persisted,
  };
}

/** Left free for text when recordings are stored: about a thousand hours of transcripts. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** Whether a recording of this size fits into the quota. */
export async function hasQuotaFor(sizeBytes: number): Promise<boolean> {
  const { usedBytes, quotaBytes } = await storageFacts();
  if (usedBytes === null || quotaBytes === null) return true; // unknown: try
  return quotaBytes - usedBytes > sizeBytes + RESERVE_BYTES;
}

/** Asks the browser not to clear this site's data under storage pressure. @returns whether it agreed */
export async function askToPersist(): Promise<boolean> {
  if (isPrivateSession()) return false;
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Bytes handed to the browser in one write: it copies them from file to file by itself. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Where this library's recordings are; `null` where the browser has no private files. */
const folder = () => libraryFolder(currentLibrary(), 'media');

/** Recordings of a private session: the user's own files, which are read where they are, and what was recorded. */
const inMemory = new Map<string, File>();

/**
 * Copies a recording into the browser's own storage, so that it can be played, and its job resumed,
 * after a reload. The copy appears whole or not at all (the browser writes to a side file and swaps
 * it in on close). Errors: STORE_QUOTA, SOURCE_GONE, STORE_FAILED, ABORTED.
 */
export async function keepMedia(id: string, source: Blob, signal: AbortSignal): Promise<void> {
  if (isPrivateSession()) {
    inMemory.set(id, source instanceof File ? source : new File([source], id));
    return;
  }
  const dir = await folder();
  if (!dir) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  const handle = await dir.getFileHandle(id, { create: true });
  const out = await handle.createWritable();
  try {
    for (let at = 0; at < source.size; at += PIECE_BYTES) {
      throwIfAborted(signal);
      await out.write(source.slice(at, at + PIECE_BYTES));
    }
    await out.close();
  } catch (error) {
    await out.abort().catch(() => undefined); // already closed by the failure itself
    await removeMedia(id);
    if (error instanceof DOMException && /^Not(Readable|Found)Error$/.test(error.name))
      throw new AppError(
        'SOURCE_GONE',
        'The file was changed or removed while it was being copied.',
        {
          cause: error,
        },
      );
    throw toAppError(error, 'STORE_FAILED');
  }
}

/**
 * Moves a finished file of this library to its recordings. Needs no extra space if the browser can
 * move files.
 * @param from the file and its folder; in a private session it is in none
 * @throws STORE_QUOTA, STORE_FAILED, NOT_FOUND
 */
export async function adoptMedia(
  id: string,
  from: { folder: LibraryFolder; file: File },
): Promise<void> {
  if (isPrivateSession()) {
    inMemory.set(id, from.file);
    return;
  }
  const { name } = from.file;
  const dir = await folder();
  if (!dir) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  try {
    const source = await libraryFolder(currentLibrary(), from.folder);
    if (source) await moveFile({ folder: source, name }, { folder: dir, name: id });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError')
      throw new AppError('NOT_FOUND', `There is no file "${name}".`, { cause: error });
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** The stored recording, or `null` if there is none. Its bytes are not read yet. */
export async function getMedia(id: string): Promise<File | null> {
  const dir = await folder();
  if (!dir) return inMemory.get(id) ?? null;
  try {
    return await (await dir.getFileHandle(id)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Suffix of a recording's playable copy. A stored name: never changes. */
const PLAYABLE = '.playable';

/** The file of a recording's playable copy, created empty if missing. @throws STORE_FAILED */
export const playableFile = (id: string) => fileNamed(id + PLAYABLE);

/** The file of a recording that is being made here, created empty if missing. @throws STORE_FAILED */
export const mediaFile = (id: string) => fileNamed(id);

async function fileNamed(name: string): Promise<FileSystemFileHandle> {
  const dir = await folder();
  if (!dir) throw new AppError('STORE_FAILED', 'This browser has no private file system.');
  try {
    return await dir.getFileHandle(name, { create: true });
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Removes a stored recording and its playable copy, if there are any. */
export async function removeMedia(id: string): Promise<void> {
  inMemory.delete(id);
  for (const name of [id, id + PLAYABLE]) await removeFile(name);
}

/** Removes only the playable copy of a recording. */
export const removePlayable = (id: string) => removeFile(id + PLAYABLE);

async function removeFile(name: string): Promise<void> {
  const dir = await folder();
  try {
    await dir?.removeEntry(name);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return;
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Suffix of Chromium's side files: copies in progress, or left by a crash. */
const SIDE_FILE = '.crswap';

/**
 * Removes recordings without a transcript, left by a crash between two steps.
 * @param isKnown whether a transcript with this id is stored
 */
export async function removeOrphans(isKnown: (id: string) => Promise<boolean>): Promise<void> {
  const dir = await folder();
  if (!dir) return;
  const names: string[] = [];
  for await (const name of dir.keys()) names.push(name);
  for (const name of names) {
    const id = name.endsWith(PLAYABLE) ? name.slice(0, -PLAYABLE.length) : name;
    if (!name.endsWith(SIDE_FILE) && (await isKnown(id))) continue;
    try {
      await dir.removeEntry(name);
    } catch (error) {
      // locked: a copy that is being written is not an orphan
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
