import type { TranscriptLibraryId } from '@/lib/client/store/library';

/** Calls of the worker that writes recordings. Files are named by the id of their recording. */
export interface RecordApi {
  /** Opens a file that must not exist yet, and keeps it open. */
  begin: { params: { id: string; library: TranscriptLibraryId }; result: null };
  /** Writes at the end; on disk when it answers. */
  append: { params: { id: string; bytes: ArrayBuffer }; result: null };
  close: { params: { id: string }; result: null };
  /** `null`: there is no file, or no sound in it. */
  finish: {
    params: { id: string; library: TranscriptLibraryId };
    result: { file: File; mediaType: string } | null;
  };
}
