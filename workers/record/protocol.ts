import type { FinishedRecording } from '@/lib/client/recording/finished-recording';
import type { TranscriptLibraryId } from '@/lib/client/store/library';

/** Calls of the worker that writes recordings. Files are named by the id of their recording (`trackFile`). */
export interface RecordApi {
  /** Opens a file that must not exist yet, and keeps it open. */
  begin: { params: { name: string; library: TranscriptLibraryId }; result: null };
  /** Writes at the end; on disk when it answers. */
  append: { params: { name: string; bytes: ArrayBuffer }; result: null };
  close: { params: { name: string }; result: null };
  /** `null`: there is no file, or no sound in it. */
  finish: {
    params: { id: string; library: TranscriptLibraryId };
    result: FinishedRecording | null;
  };
  /** As `finish`, of files that lie in memory; so does the result. */
  finishFiles: { params: { id: string; files: File[] }; result: FinishedRecording | null };
}
