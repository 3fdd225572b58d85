import type { FormatId } from '@/lib/export';

/** The folder whose new recordings are transcribed. */
export interface WatchedFolderRecord {
  /** There is one. */
  id: 'folder';
  handle: FileSystemDirectoryHandle;
  /** Transcripts are written beside their recordings in this format; `null`: they are not. */
  writes: FormatId | null;
}

/** A recording that was in a watched folder. */
export interface WatchedFileRecord {
  /** Of its content: it stays the same when the file is renamed or moved. */
  fingerprint: string;
  /** Where it was last, from the folder, with slashes. */
  path: string;
  /** `ignored`: it was there when watching began. `taken`: it has, or had, a job. */
  state: 'ignored' | 'taken';
  /** Of its job. Decided before the job is stored: after a crash between the two it is stored then. */
  transcriptId: string | null;
  /** The transcript was written beside it, or cannot be. */
  isWritten: boolean;
}
