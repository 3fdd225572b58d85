/** Formats that are written beside recordings: their ids are the ends of the files' names, too. */
export const BESIDE_FORMATS = ['txt', 'srt', 'vtt', 'json'] as const;

export type BesideFormat = (typeof BESIDE_FORMATS)[number];

/** The folder whose new recordings are transcribed. */
export interface WatchedFolderRecord {
  /** There is one. */
  id: 'folder';
  handle: FileSystemDirectoryHandle;
  /** Transcripts are written beside their recordings in this format; `null`: they are not. */
  writes: BesideFormat | null;
}

/** A recording that was in a watched folder. */
export interface WatchedFileRecord {
  /** Of its content: it stays the same when the file is renamed or moved. */
  fingerprint: string;
  /** Where it was last, from the folder, with slashes. */
  path: string;
  /**
   * `ignored`: it was there when watching began. `taking`: its job is being stored; if it is not there after
   * a crash, the file is taken again. `taken`: it has, or had, a job.
   */
  state: 'ignored' | 'taking' | 'taken';
  /** Of its job. */
  transcriptId: string | null;
  /** The transcript was written beside it, or cannot be. */
  isWritten: boolean;
}
