import { createStore } from 'zustand/vanilla';
import {
  type BesideFormat,
  getJob,
  getTranscript,
  getWatchedFolder,
  libraryLocks,
  listWatchedFiles,
  onChange,
  putWatchedFile,
  readTranscript,
  type WatchedFolderRecord,
} from '@/lib/client/store';
import { delay, isAbort, toAppError } from '@/lib/core';
import type { Decoder } from '@/lib/engine/pipeline';
import type { Transcript } from '@/lib/transcript';
import { FolderLook, type RefusedFile, STILL_MS, whyNotWhole } from './folder-look';

/** What a folder is opened for. */
export type FolderMode = 'read' | 'readwrite';

/** The File System Access API (WICG), which TypeScript's DOM library lacks. */
interface AccessHandle extends FileSystemDirectoryHandle {
  queryPermission?(options: { mode: FolderMode }): Promise<PermissionState>;
  requestPermission?(options: { mode: FolderMode }): Promise<PermissionState>;
}

interface FolderObserver {
  observe(handle: FileSystemDirectoryHandle, options: { recursive: boolean }): Promise<void>;
  disconnect(): void;
}

interface AccessGlobal {
  showDirectoryPicker?(options: {
    id: string;
    mode: FolderMode;
  }): Promise<FileSystemDirectoryHandle>;
  FileSystemObserver?: new (callback: () => void) => FolderObserver;
}

// the members above are missing from its type; they are checked for before use
const platform = globalThis as typeof globalThis & AccessGlobal;

/** Whether this browser lets a page keep access to a folder: desktop Chromium does. */
export const canPickFolder = (): boolean => platform.showDirectoryPicker !== undefined;

/** Asks the user for a folder. @returns `null`: none was chosen */
export async function pickFolder(mode: FolderMode): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await platform.showDirectoryPicker?.({ id: 'ai2text', mode })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Whether a folder may be used now. */
async function mayUse(handle: FileSystemDirectoryHandle, mode: FolderMode): Promise<boolean> {
  const { queryPermission } = handle as AccessHandle; // optional in it, as browsers have it
  return !queryPermission || (await queryPermission.call(handle, { mode })) === 'granted';
}

/** Asks the user for the use of a folder; only after a press. */
export async function askToUse(
  handle: FileSystemDirectoryHandle,
  mode: FolderMode,
): Promise<boolean> {
  const { requestPermission } = handle as AccessHandle; // optional in it, as browsers have it
  return !requestPermission || (await requestPermission.call(handle, { mode })) === 'granted';
}

/**
 * Calls back when something changes in a folder or below it.
 * @returns stops it; `null`: this browser does not report changes of this folder
 */
async function observeFolder(
  handle: FileSystemDirectoryHandle,
  callback: () => void,
): Promise<(() => void) | null> {
  const { FileSystemObserver } = platform;
  if (!FileSystemObserver) return null;
  const observer = new FileSystemObserver(callback);
  try {
    await observer.observe(handle, { recursive: true });
    return () => observer.disconnect();
  } catch (error) {
    console.info('The folder is looked at every so often: its changes are not reported', error);
    return null;
  }
}

const LOCK_NAME = 'ai2text:watched-folder';

/** How often a folder is scanned if the browser does not report its changes, and writing is retried, in ms. */
const LOOK_EVERY_MS = 30_000;

/** The state of watching in this tab. */
interface WatchState {
  /**
   * `off`: no folder; `other-tab`: another tab watches; `permission`: the user has to allow it again;
   * `gone`: the folder is not there.
   */
  state: 'off' | 'other-tab' | 'permission' | 'watching' | 'gone';
  settling: number;
  refused: readonly RefusedFile[];
  /** Paths of the recordings beside which a transcript could not be written; writing is retried. */
  unwritten: readonly string[];
}

export const watchStore = createStore<WatchState>(() => ({
  state: 'off',
  settling: 0,
  refused: [],
  unwritten: [],
}));

export interface WatchDependencies {
  isMedia(file: File): boolean;
  createDecoder(): Decoder & { dispose(): void };
  /** Queues a file as the job with this id. */
  take(file: File, id: string): Promise<void>;
  /** A transcript as a file of the format. */
  write(transcript: Transcript, format: BesideFormat): Promise<Blob>;
}

/**
 * Watches the folder of this library while the tab is open; one tab does.
 * @returns stops it
 */
export function watchFolder(
  { handle, writes }: WatchedFolderRecord,
  dependencies: WatchDependencies,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const mode = writes ? 'readwrite' : 'read';
  const run = async () => {
    if (!(await mayUse(handle, mode))) {
      watchStore.setState({ state: 'permission' });
      return;
    }
    watchStore.setState({ state: 'other-tab' });
    await libraryLocks().request(LOCK_NAME, { signal }, () =>
      keepLooking(handle, dependencies, signal),
    );
  };
  run().catch((error: unknown) => {
    if (signal.aborted || isAbort(error)) return;
    console.warn('The folder is not watched any more', error);
    const isForbidden = error instanceof DOMException && error.name === 'NotAllowedError';
    watchStore.setState({ state: isForbidden ? 'permission' : 'gone' });
  });
  return () => {
    stop.abort();
    watchStore.setState({ state: 'off', settling: 0, refused: [], unwritten: [] });
  };
}

async function keepLooking(
  folder: FileSystemDirectoryHandle,
  dependencies: WatchDependencies,
  signal: AbortSignal,
): Promise<void> {
  watchStore.setState({ state: 'watching' });
  let wake: () => void = () => undefined;
  let isChanged = false;
  const noteChange = () => {
    isChanged = true;
    wake();
  };
  const stopObserving = await observeFolder(folder, noteChange);
  const stopListening = onChange(({ kind }) => {
    if (kind === 'transcripts' || kind === 'watched-folder') noteChange();
  });
  const looker = new FolderLook({
    folder,
    now: () => performance.now(),
    isMedia: dependencies.isMedia,
    listKnown: listWatchedFiles,
    putKnown: putWatchedFile,
    whyNotWhole: (file, ofCheck) => whyNotWhole(file, dependencies.createDecoder, ofCheck),
    take: dependencies.take,
    hasJob: async (id) => (await getJob(id)) !== null,
  });
  let unwritten: string[] = [];
  let triedAtMs = 0;
  try {
    while (!signal.aborted) {
      isChanged = false;
      const { settling, refused } = await looker.look(signal);
      watchStore.setState({ settling, refused });
      // a failed write changes the folder too: retried at every change, it would loop forever
      if (unwritten.length === 0 || performance.now() - triedAtMs >= LOOK_EVERY_MS) {
        unwritten = await writeFinished(folder, dependencies);
        triedAtMs = performance.now();
        watchStore.setState({ unwritten });
      }
      const isReported = stopObserving !== null && refused.length === 0 && unwritten.length === 0;
      const waitMs = settling > 0 ? STILL_MS : isReported ? null : LOOK_EVERY_MS;
      if (!isChanged) await pause(waitMs, signal, (run) => (wake = run));
      wake = () => undefined;
    }
  } finally {
    stopObserving?.();
    stopListening();
  }
}

/** Waits until woken, or for this long at most. @param waitMs `null`: until woken */
async function pause(
  waitMs: number | null,
  signal: AbortSignal,
  onWaiting: (wake: () => void) => void,
): Promise<void> {
  const woken = new AbortController();
  onWaiting(() => woken.abort());
  const over = AbortSignal.any([signal, woken.signal]);
  try {
    // longer than any tab lives
    await delay(waitMs ?? 2 ** 31 - 1, over);
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

/**
 * Writes finished transcripts beside their recordings, each once.
 * @returns paths of the recordings whose transcripts could not be written
 */
async function writeFinished(
  folder: FileSystemDirectoryHandle,
  { write }: Pick<WatchDependencies, 'write'>,
): Promise<string[]> {
  const format = (await getWatchedFolder())?.writes;
  if (!format) return [];
  const unwritten: string[] = [];
  for (const known of await listWatchedFiles()) {
    const { transcriptId, isWritten, path } = known;
    if (!transcriptId || isWritten) continue;
    const transcript = await getTranscript(transcriptId);
    const isChanging = transcript?.secondPass && !transcript.secondPass.stopped;
    if (transcript?.state !== 'complete' || isChanging) continue;
    try {
      const content = await write(await readTranscript(transcriptId), format);
      await writeBeside(folder, path, format, content);
    } catch (error) {
      console.warn(
        'A transcript could not be written beside its recording',
        toAppError(error).message,
      );
      // its folder was moved or removed meanwhile: the transcript is in the library all the same
      const isGone = error instanceof DOMException && error.name === 'NotFoundError';
      if (!isGone) {
        unwritten.push(path);
        continue;
      }
    }
    await putWatchedFile({ ...known, isWritten: true });
  }
  return unwritten;
}

/** How many names are tried before giving up. */
const MAX_NAMES = 100;

/**
 * Writes a file beside a recording, with the same base name. An existing file is never replaced: a number is
 * appended to the name instead.
 * @param path of the recording, from the folder
 * @param extension without the dot
 * @returns its path
 */
export async function writeBeside(
  root: FileSystemDirectoryHandle,
  path: string,
  extension: string,
  content: Blob,
): Promise<string> {
  const steps = path.split('/');
  const name = steps.pop() ?? path;
  let folder = root;
  for (const step of steps) folder = await folder.getDirectoryHandle(step);
  const bare = name.replace(/\.[^.]+$/, '');
  for (let number = 1; number <= MAX_NAMES; number++) {
    const wanted = `${bare}${number === 1 ? '' : ` ${number}`}.${extension}`;
    if (await exists(folder, wanted)) continue;
    const handle = await folder.getFileHandle(wanted, { create: true });
    // it appears whole or not at all: the browser writes to a temporary file until `close`
    try {
      const out = await handle.createWritable();
      await out.write(content);
      await out.close();
    } catch (error) {
      // an empty file left here would make the next attempt use another name
      await folder.removeEntry(wanted).catch(() => undefined); // `error` says why
      throw error;
    }
    return [...steps, wanted].join('/');
  }
  throw new DOMException(
    `There are ${MAX_NAMES} files like ${bare}.${extension}.`,
    'InvalidStateError',
  );
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // a folder has that name
    if (error.name === 'TypeMismatchError') return true;
    if (error.name === 'NotFoundError') return false;
    throw error;
  }
}
