import type { CaptureReport } from '@/lib/client/store';
import type { AppError } from '@/lib/core';
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
