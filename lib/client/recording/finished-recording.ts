/** A recording that is complete. */
export interface FinishedRecording {
  file: File;
  mediaType: string;
  /** Which tracks have audio and are in the file, in order. */
  tracks: number[];
}
