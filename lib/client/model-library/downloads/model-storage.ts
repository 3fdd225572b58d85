import { AppError, isAppError, retry, toAppError } from '@/lib/core';

const FOLDER = 'models';
/** The install manifest's file name, which `storedName` gives to no other file. A stored name: never changes. */
const MARKER = 'state.json';

/** The name a file of a repository is stored under: OPFS has no paths, and `+` is in no path. */
export function storedName(path: string): string {
  const name = path.replaceAll('/', '+');
  return name === MARKER ? `+${name}` : name;
}

/** Whether this browser can keep models here: over plain http and in some private windows not. */
export function canKeepModels(): boolean {
  return typeof globalThis.navigator?.storage?.getDirectory === 'function';
}

/**
 * The folder of all models.
 * @param create whether to make it if it is missing; else it is `null` then
 * @throws STORE_FAILED where the browser has no private file system
 */
async function modelsFolder(create: true): Promise<FileSystemDirectoryHandle>;
async function modelsFolder(create: boolean): Promise<FileSystemDirectoryHandle | null>;
async function modelsFolder(create: boolean): Promise<FileSystemDirectoryHandle | null> {
  if (!canKeepModels())
    throw new AppError(
      'STORE_FAILED',
      'This browser keeps no files for this page: models need https (or localhost) and a window that is not private.',
      { details: { reason: 'no-opfs' } },
    );
  try {
    const root = await navigator.storage.getDirectory();
    return create
      ? await root.getDirectoryHandle(FOLDER, { create })
      : await orNull(() => root.getDirectoryHandle(FOLDER));
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Fails at once where models cannot be kept. @throws STORE_FAILED with the reason */
export async function requireModelsFolder(): Promise<void> {
  await modelsFolder(true);
}

/** The folder of one model, made if it is missing. @throws STORE_FAILED */
export async function makeModelFolder(id: string): Promise<FileSystemDirectoryHandle> {
  const folder = await modelsFolder(true);
  try {
    return await folder.getDirectoryHandle(id, { create: true });
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** The folder of one model, or `null`. @throws STORE_FAILED */
export async function findModelFolder(id: string): Promise<FileSystemDirectoryHandle | null> {
  const folder = await modelsFolder(false);
  return folder && orNull(() => folder.getDirectoryHandle(id));
}

/** Ids of all models that have a folder. @throws STORE_FAILED */
export async function storedModels(): Promise<string[]> {
  const folder = await modelsFolder(false);
  const ids: string[] = [];
  for await (const [name, handle] of folder?.entries() ?? [])
    if (handle.kind === 'directory') ids.push(name);
  return ids;
}

/** A stored file of a model, or `null`. Nothing is read yet. @throws STORE_FAILED */
export async function storedFile(id: string, name: string): Promise<File | null> {
  const folder = await findModelFolder(id);
  return folder ? orNull(async () => (await folder.getFileHandle(name)).getFile()) : null;
}

/** Attempts to read a manifest while other tabs write it, and the delay between them, in ms. */
const READ_TRIES = 10;
const READ_WAIT_MS = 20;

/** The text of a model's marker, or `null`. @throws STORE_FAILED */
export async function readInstallManifestText(id: string): Promise<string | null> {
  const read = async () => (await storedFile(id, MARKER))?.text() ?? null;
  try {
    return await retry(read, {
      attempts: READ_TRIES,
      delayMs: () => READ_WAIT_MS,
      // it was replaced after it was opened: what was opened can no longer be read
      isRetryable: (error) => !isAppError(error),
    });
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Replaces a model's install manifest atomically. @throws STORE_QUOTA, STORE_FAILED */
export async function writeInstallManifestText(id: string, text: string): Promise<void> {
  const folder = await makeModelFolder(id);
  try {
    const handle = await folder.getFileHandle(MARKER, { create: true });
    const out = await handle.createWritable();
    await out.write(text);
    await out.close();
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Attempts until a file that a worker has just closed is free. */
const REMOVE_TRIES = 20;
const REMOVE_WAIT_MS = 100;

/** Removes a model's folder with all that is in it; none there is fine. @throws STORE_FAILED */
export async function removeModelFolder(id: string): Promise<void> {
  const folder = await modelsFolder(false);
  if (!folder) return;
  await retry(() => orNull(() => folder.removeEntry(id, { recursive: true })), {
    attempts: REMOVE_TRIES,
    delayMs: () => REMOVE_WAIT_MS,
    // an ended worker's files are closed a little later than the worker
    isRetryable: () => true,
  });
}

async function orNull<T>(step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Left free for recordings' text and for what is being worked on, in bytes. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * Makes sure that files fit into the quota.
 * @param totalBytes of all files
 * @param onDisk bytes of them that are there already
 * @throws STORE_QUOTA (`details`: neededBytes, freeBytes)
 */
export async function requireQuota(
  totalBytes: number,
  onDisk: ReadonlyMap<string, number>,
  free: () => Promise<number | null>,
): Promise<void> {
  const thereBytes = [...onDisk.values()].reduce((sum, bytes) => sum + bytes, 0);
  const neededBytes = Math.max(0, totalBytes - thereBytes);
  if (neededBytes === 0) return;
  const freeBytes = await free();
  if (freeBytes === null || freeBytes >= neededBytes + RESERVE_BYTES) return;
  throw new AppError('STORE_QUOTA', `${neededBytes} bytes do not fit into ${freeBytes}.`, {
    details: { neededBytes, freeBytes },
  });
}
