import { createStore } from 'zustand/vanilla';
import type { CaptureReport } from '@/lib/client/store';
import { type AppError, isAbort, toAppError } from '@/lib/core';
import type { RecordingFiles } from './ports';

/** Held by the tab that makes or recovers a recording. */
export const RECORDING_LOCK = 'ai2text:recording:';

/** The store as far as recordings need it; `lib/client/store` is the real one. */
export interface RecordingRepository {
  /** Stores a transcript with a job that waits for the recording. */
  addRecording(recording: {
    id: string;
    title: string;
    fileName: string;
    mediaType: string;
    /** Who speaks in each of its tracks, where it has several. */
    speakers?: string[];
  }): Promise<void>;
  updateTranscript(
    id: string,
    change: { marks?: CaptureMarks; capture?: CaptureReport },
  ): Promise<void>;
  /** Makes the finished file the transcript's recording. @throws NOT_FOUND */
  adoptMedia(id: string, file: File): Promise<void>;
  hasMedia(id: string): Promise<{ sizeBytes: number } | null>;
  /**
   * The recording is complete: queues the final pass.
   * @param file `tracks`: those that are in it; missing: all that were recorded
   */
  queueRecording(
    id: string,
    file: { mediaType: string; sizeBytes: number; tracks?: number[] },
  ): Promise<void>;
  failRecording(id: string, error: AppError): Promise<void>;
  discard(id: string): Promise<void>;
}

type CaptureMarks = { id: string; atMs: number }[];

/**
 * Turns a recording into a job: finalises its file, moves it to the media, and queues the final pass. Can be
 * repeated after an interruption at any point.
 * @returns `false` if it contained no audio, and was removed
 * @throws STORE_QUOTA, STORE_FAILED; the file stays, so that it can be tried again
 */
export async function finaliseRecording(
  id: string,
  mediaType: string,
  files: RecordingFiles,
  repository: RecordingRepository,
): Promise<boolean> {
  // interrupted after the file was moved
  const there = await repository.hasMedia(id);
  if (there) {
    await repository.queueRecording(id, { mediaType, sizeBytes: there.sizeBytes });
    await files.remove(id);
    return true;
  }
  const finished = await files.finish(id);
  if (!finished) {
    await repository.discard(id);
    await files.remove(id);
    return false;
  }
  const { file, mediaType: finalType, tracks } = finished;
  await repository.adoptMedia(id, file);
  await repository.queueRecording(id, { mediaType: finalType, sizeBytes: file.size, tracks });
  await files.remove(id);
  return true;
}

/** What is stored of a current or interrupted recording. */
export interface OpenRecording {
  id: string;
  mediaType: string;
  /** It could not be finalised; the user can try again. */
  failed: boolean;
}

/** What recovery is given. */
export interface RecoveryDependencies {
  files: RecordingFiles;
  repository: RecordingRepository & {
    /** Recordings that are not complete. */
    listRecordings(): Promise<OpenRecording[]>;
    /** Calls back after jobs changed in any tab. @returns unsubscribe */
    onJobs(listener: () => void): () => void;
  };
  locks: Pick<LockManager, 'request'>;
  /** An interrupted recording was saved, and its final pass queued. */
  onRecovered(id: string): void;
}

/**
 * Recovers interrupted recordings (the tab crashed or was closed, the computer was switched off) when the
 * page opens and whenever a recording tab goes away: every tab waits for the lock of each recording, and
 * the one that gets it while the recording is incomplete finalises it. Files without a stored recording
 * are removed.
 * @returns stops it
 */
export function recoverRecordings(dependencies: RecoveryDependencies): () => void {
  const { files, repository, locks, onRecovered } = dependencies;
  const life = new AbortController();
  const waiting = new Set<string>();

  const recover = async (id: string) => {
    const open = (await repository.listRecordings()).find((one) => one.id === id);
    // it was stopped normally, or another tab was first
    if (!open || open.failed) return;
    try {
      if (await finaliseRecording(id, open.mediaType, files, repository)) onRecovered(id);
    } catch (error) {
      console.warn(`Recording ${id} could not be recovered`, error);
      await repository.failRecording(id, toAppError(error, 'STORE_FAILED'));
    }
  };

  const wait = (id: string) => {
    if (waiting.has(id)) return;
    waiting.add(id);
    locks
      .request(RECORDING_LOCK + id, { signal: life.signal }, () => recover(id))
      .catch((error: unknown) => {
        if (!isAbort(error)) console.warn(`Recording ${id} cannot be watched`, error);
      })
      .finally(() => waiting.delete(id));
  };

  const look = async () => {
    try {
      for (const { id, failed } of await repository.listRecordings()) if (!failed) wait(id);
    } catch (error) {
      console.warn('Interrupted recordings cannot be looked up', error);
    }
  };

  const tidy = async () => {
    const known = new Set((await repository.listRecordings()).map(({ id }) => id));
    for (const id of await files.list())
      if (!known.has(id))
        // a recording that is starting holds its lock before it has a file
        await locks.request(RECORDING_LOCK + id, { ifAvailable: true }, async (lock) => {
          if (lock) await files.remove(id);
        });
  };

  const stopListening = repository.onJobs(() => void look());
  void look();
  tidy().catch((error: unknown) =>
    console.warn('Files of old recordings could not be removed', error),
  );
  return () => {
    life.abort();
    stopListening();
  };
}

/** Lasts as long as the tab, also over a reload or a crash of it. */
const KEY = 'ai2text:recording';

/** Id of the recording that was interrupted when this tab was reloaded; `null` if none was. */
export const brokenRecording = createStore<{ id: string | null }>(() => ({ id: null }));

/** Finds out, when the page loads, whether a reload interrupted a recording. */
export function findBrokenRecording(): void {
  try {
    brokenRecording.setState({ id: sessionStorage.getItem(KEY) });
  } catch (error) {
    // storage is disabled: the library still shows what was recovered
    console.warn('An interrupted recording cannot be looked up', error);
  }
}

/** Stores which recording this tab makes; `null`: none, and no interrupted one is shown. */
export function rememberRecording(id: string | null): void {
  brokenRecording.setState({ id: null });
  try {
    if (id === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, id);
  } catch (error) {
    console.warn('A reload will not know of this recording', error);
  }
}
