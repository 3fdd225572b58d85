import { newId } from '@/lib/core';
import type { TranscriptLibraryId } from './library';

/** What the ids of private libraries begin with; no account's does. */
const PREFIX = 'private-';

/** Whether a library is kept in memory. Works in pages and in workers. */
export const isPrivateLibrary = (library: TranscriptLibraryId): boolean =>
  library?.startsWith(PREFIX) ?? false;

/** A library for this page alone: its channels and locks are no other tab's. */
export const newPrivateLibrary = (): TranscriptLibraryId => PREFIX + newId();

/**
 * The folders in which a library keeps recordings: finished ones, and those still being written. A
 * file is named after the id of its transcript, with or without a suffix. Stored names: never change.
 */
export const LIBRARY_FOLDERS = ['media', 'recordings'] as const;

export type LibraryFolder = (typeof LIBRARY_FOLDERS)[number];

/** The folder of OPFS that has one folder for each account. */
const ACCOUNTS = 'accounts';

/**
 * A folder of a library in OPFS, created if missing; `null` where the browser has no private file
 * system (private windows of some browsers, plain http), and for a private session. Works in pages and in workers.
 */
export async function libraryFolder(
  library: TranscriptLibraryId,
  name: LibraryFolder,
): Promise<FileSystemDirectoryHandle | null> {
  if (isPrivateLibrary(library) || !navigator.storage?.getDirectory) return null;
  let folder = await navigator.storage.getDirectory();
  // without an account, files lie where builds without accounts put them
  for (const step of library === null ? [] : [ACCOUNTS, library])
    folder = await folder.getDirectoryHandle(step, { create: true });
  return folder.getDirectoryHandle(name, { create: true });
}

/** Whether a file belongs to a transcript, as the copy of a recording that is being finished does. */
export const isFileOf = (name: string, id: string) => name === id || name.startsWith(`${id}.`);

/** `move` exists in browsers, but not yet in TypeScript's library. */
type MovableHandle = FileSystemFileHandle & {
  move?: (folder: FileSystemDirectoryHandle, name: string) => Promise<void>;
};

/** Moves a file within OPFS, without extra space if the browser can move it. It is whole in one place or the other. */
export async function moveFile(
  from: { folder: FileSystemDirectoryHandle; name: string },
  to: { folder: FileSystemDirectoryHandle; name: string },
): Promise<void> {
  const handle: MovableHandle = await from.folder.getFileHandle(from.name);
  if (handle.move) return handle.move(to.folder, to.name);
  const made = await to.folder.getFileHandle(to.name, { create: true });
  try {
    await (await handle.getFile()).stream().pipeTo(await made.createWritable());
  } catch (error) {
    await to.folder.removeEntry(to.name);
    throw error;
  }
  await from.folder.removeEntry(from.name);
}

/** Size of all recordings of a library, in bytes. */
export async function filesBytes(library: TranscriptLibraryId): Promise<number> {
  let bytes = 0;
  for (const name of LIBRARY_FOLDERS)
    for await (const entry of (await libraryFolder(library, name))?.values() ?? [])
      if (isFile(entry)) bytes += (await entry.getFile()).size;
  return bytes;
}

/** Removes all files of a library. */
export async function removeFiles(library: TranscriptLibraryId): Promise<void> {
  for (const name of LIBRARY_FOLDERS) {
    const folder = await libraryFolder(library, name);
    const names: string[] = [];
    for await (const entry of folder?.keys() ?? []) names.push(entry);
    for (const entry of names) await folder?.removeEntry(entry);
  }
}

const isFile = (entry: FileSystemHandle): entry is FileSystemFileHandle => entry.kind === 'file';
