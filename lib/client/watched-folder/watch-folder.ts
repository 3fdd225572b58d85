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
import { mayUse, observeFolder } from './file-system-access';
import { FolderLook, type RefusedFile, STILL_MS } from './folder-look';
import { whyNotWhole } from './whole-file';
import { writeBeside } from './write-beside';

const LOCK_NAME = 'ai2text:watched-folder';

/** How often a folder is looked at whose changes the browser does not report, in ms. */
const LOOK_EVERY_MS = 30_000;

/** How watching stands in this tab. */
export interface WatchState {
  /**
   * `off`: no folder; `other-tab`: another tab watches; `permission`: the user has to allow it again;
   * `gone`: the folder is not there.
   */
  state: 'off' | 'other-tab' | 'permission' | 'watching' | 'gone';
  settling: number;
  refused: readonly RefusedFile[];
}

export const watchStore = createStore<WatchState>(() => ({
  state: 'off',
  settling: 0,
  refused: [],
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
    watchStore.setState({ state: 'off', settling: 0, refused: [] });
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
  try {
    while (!signal.aborted) {
      isChanged = false;
      const { settling, refused } = await looker.look(signal);
      watchStore.setState({ settling, refused });
      await writeFinished(folder, dependencies);
      const isReported = stopObserving !== null && refused.length === 0;
      const waitMs = settling > 0 ? STILL_MS : isReported ? null : LOOK_EVERY_MS;
      if (!isChanged) await pause(waitMs, signal, (run) => (wake = run));
      wake = () => undefined;
    }
  } finally {
    stopObserving?.();
    stopListening();
  }
}

/** Waits until it is woken, or this long at most. @param waitMs `null`: until it is woken */
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

/** Writes the transcripts that are finished beside their recordings, each once. */
async function writeFinished(
  folder: FileSystemDirectoryHandle,
  { write }: Pick<WatchDependencies, 'write'>,
): Promise<void> {
  const format = (await getWatchedFolder())?.writes;
  if (!format) return;
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
      // its folder was moved or removed meanwhile: the transcript is in the library all the same
      console.warn(
        'A transcript could not be written beside its recording',
        toAppError(error).code,
      );
    }
    await putWatchedFile({ ...known, isWritten: true });
  }
}
