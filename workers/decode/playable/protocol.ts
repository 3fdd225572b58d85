import type { DecodeAssets, DecodeChoices } from '../protocol';

/** How a playable copy is made. */
export interface PlayableOrder {
  source: Blob;
  /** Where it is written; what is in there is lost. */
  file: FileSystemFileHandle;
  /** Index of the audio track among those of the source. */
  track: number;
  /**
   * `packets`: the encoded sound as it is, where the source's packets count exactly; `sound`: what
   * the decoder gives, encoded anew.
   */
  from: 'packets' | 'sound';
  /** Whether the picture is copied, where there is one that this browser can show. */
  withVideo: boolean;
  decoder: DecodeChoices['decoder'];
}

/** What was written. */
export interface WrittenPlayable {
  mediaType: string;
  sizeBytes: number;
  /** Length of its sound. */
  durationMs: number;
  hasVideo: boolean;
}

/** The worker that makes copies which play exactly. */
export interface PlayableMethods {
  /** Errors: those of decoding, STORE_QUOTA, STORE_FAILED, ABORTED. */
  write: {
    params: PlayableOrder & { assets: DecodeAssets };
    result: WrittenPlayable;
    progress: { doneMs: number };
  };
}
