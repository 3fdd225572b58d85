import type { CaptureReport } from '@/lib/client/store';
import type { AppError } from '@/lib/core';
import type { RecordingFiles } from './ports';

/** Held by the tab that records, or that is recovering a recording. */
export const RECORDING_LOCK = 'ai2text:recording:';

/** The store as far as recordings need it; `lib/client/store` is the real one. */
export interface RecordingRepository {
  /** Stores a transcript with a job that waits for its sound. */
  addRecording(recording: {
    id: string;
    title: string;
    fileName: string;
    mediaType: string;
  }): Promise<void>;
  updateTranscript(
    id: string,
    change: { marks?: CaptureMarks; capture?: CaptureReport },
  ): Promise<void>;
  /** Takes the finished file over as the transcript's recording. @throws NOT_FOUND */
  adoptMedia(id: string, fileName: string): Promise<void>;
  hasMedia(id: string): Promise<{ sizeBytes: number } | null>;
  /** The sound is there: the final pass may begin. */
  queueRecording(id: string, file: { mediaType: string; sizeBytes: number }): Promise<void>;
  failRecording(id: string, error: AppError): Promise<void>;
  discard(id: string): Promise<void>;
}

type CaptureMarks = { id: string; atMs: number }[];

/**
 * Turns what was recorded into a job: the file is closed properly, taken over, and the final pass
 * is queued. It can be repeated from any point at which it was cut off.
 * @returns `false` when there was no sound in it: it is then gone
 * @throws STORE_QUOTA, STORE_FAILED; the file stays, and it may be tried again
 */
export async function finaliseRecording(
  id: string,
  mediaType: string,
  files: RecordingFiles,
  repository: RecordingRepository,
): Promise<boolean> {
  // cut off after the file was taken over
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
  const { file, mediaType: finalType } = finished;
  const { name, size } = file;
  await repository.adoptMedia(id, name);
  await repository.queueRecording(id, { mediaType: finalType, sizeBytes: size });
  await files.remove(id);
  return true;
}
