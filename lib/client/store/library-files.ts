import type { TranscriptLibraryId } from './library';

/**
 * The folders in which a library keeps recordings: whole ones, and those that have no end yet. A file
 * is named by the id of its transcript, with or without an ending.
 */
export const LIBRARY_FOLDERS = ['media', 'recordings'] as const;

export type LibraryFolder = (typeof LIBRARY_FOLDERS)[number];

/** The folder of OPFS that has one folder for each account. */
const ACCOUNTS = 'accounts';

/**
 * A folder of a library in OPFS, made when it is not there; `null` where the browser has no private
 * files (private windows of some, plain http). Works in pages and in workers.
 */
export async function libraryFolder(
  library: TranscriptLibraryId,
  name: LibraryFolder,
): Promise<FileSystemDirectoryHandle | null> {
  if (!navigator.storage?.getDirectory) return null;
  let folder = await navigator.storage.getDirectory();
  // what is made signed out lies where builds without accounts put it
  for (const step of library === null ? [] : [ACCOUNTS, library])
    folder = await folder.getDirectoryHandle(step, { create: true });
  return folder.getDirectoryHandle(name, { create: true });
}

/** Whether a file belongs to a transcript, as the copy of a recording that is being finished does. */
export const isFileOf = (name: string, id: string) => name === id || name.startsWith(`${id}.`);

/** Moves a file, which browsers can and TypeScript's library does not know yet. */
type MovableHandle = FileSystemFileHandle & {
  move?: (folder: FileSystemDirectoryHandle, name: string) => Promise<void>;
};

/** Moves a file of OPFS; needs no room where the browser can do it. It is whole here or there. */
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
