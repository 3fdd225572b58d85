import type { CueProblem, ExportLabels, ExportOptions, FormatId } from '@/lib/export';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';

/** A transcript without its segments, which travel in blocks. */
export type TranscriptHead = Omit<Transcript, 'segments'>;

/** Calls of the worker that writes and reads documents. The caller names the documents. */
export interface DocumentsApi {
  /** A transcript to be written; its segments follow. */
  begin: { params: { documentId: number; head: TranscriptHead }; result: null };
  /** The next segments of it. */
  add: { params: { documentId: number; segments: TranscriptSegment[] }; result: null };
  /** One file, or a ZIP archive of several. */
  write: {
    params: {
      documentId: number;
      formats: FormatId[];
      options: ExportOptions;
      labels: ExportLabels;
    };
    result: Blob;
  };
  /** The beginning of a file; `null` where it is not text. */
  preview: {
    params: { documentId: number; format: FormatId; options: ExportOptions; labels: ExportLabels };
    result: string | null;
  };
  /** What the subtitles break of their rules. */
  lint: {
    params: { documentId: number; format: 'srt' | 'vtt'; options: ExportOptions };
    result: { cues: number; problems: CueProblem[] };
  };
  /** A transcript from a file; its segments are fetched in blocks. */
  read: {
    params: { documentId: number; file: File };
    result: { head: TranscriptHead; segments: number };
  };
  /** Segments [from, to) of it. */
  take: { params: { documentId: number; from: number; to: number }; result: TranscriptSegment[] };
  close: { params: { documentId: number }; result: null };
}
