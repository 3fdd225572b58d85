import { isAbort, toAppError } from '@/lib/core';
import { finaliseRecording, RECORDING_LOCK, type RecordingRepository } from './finalise-recording';
import type { RecordingFiles } from './ports';

/** What is stored of a recording that is under way or broke off. */
export interface OpenRecording {
  id: string;
  mediaType: string;
  /** It could not be closed; it is tried again when the user asks. */
  failed: boolean;
}

/** What recovery needs from outside. */
export interface RecoveryDependencies {
  files: RecordingFiles;
  repository: RecordingRepository & {
    /** Recordings whose sound is not complete. */
    listRecordings(): Promise<OpenRecording[]>;
    /** Calls back after jobs have changed, in any tab. @returns unsubscribe */
    onJobs(listener: () => void): () => void;
  };
  locks: Pick<LockManager, 'request'>;
  /** A recording that broke off is saved, and its final pass queued. */
  onRecovered(id: string): void;
}

/**
 * Recovers recordings that broke off (the tab crashed or was closed, the computer went off), when
 * the page opens and whenever the tab that records goes away: each tab waits for the lock of each
 * recording, and who gets it while the recording has no end gives it one. Files of recordings that
 * nobody knows are removed.
 * @returns ends it
 */
export function recoverRecordings(parts: RecoveryDependencies): () => void {
  const { files, repository, locks, onRecovered } = parts;
  const life = new AbortController();
  const waiting = new Set<string>();

  const recover = async (id: string) => {
    const open = (await repository.listRecordings()).find((one) => one.id === id);
    // it was stopped as it should be, or another tab was first
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
        if (!isAbort(error)) console.warn(`Recording ${id} cannot be looked after`, error);
      })
      .finally(() => waiting.delete(id));
  };

  const look = async () => {
    try {
      for (const { id, failed } of await repository.listRecordings()) if (!failed) wait(id);
    } catch (error) {
      console.warn('Recordings that broke off cannot be looked for', error);
    }
  };

  const tidy = async () => {
    const known = new Set((await repository.listRecordings()).map(({ id }) => id));
    for (const id of await files.list())
      if (!known.has(id))
        // one that begins right now holds its lock before it has a file
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
