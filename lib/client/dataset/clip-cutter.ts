import type { MediaInfo } from '@/lib/engine/audio';

/** A clip as it is given: mono FLAC, 16 kHz, 16 bits. */
export interface Clip {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of `bytes`, in hexadecimal: the clip's name. */
  sha256: string;
  /** How many samples it has. */
  samples: number;
}

/** A recording that clips are cut from. */
export interface ClipSource {
  media: Blob;
  /** Index of the audio track; `null`: the one that players take. */
  track: number | null;
  /** What decoded it before: a source that one decoder gave up is left to the other. */
  decoder: MediaInfo['decoder'] | null;
}

/** An open recording. Only as much of it is decoded as is asked for. */
export interface OpenClipSource {
  /**
   * Cuts one clip; the same span gives the same bytes. Quickest in the order of time.
   * @throws the codes of decoding; SOURCE_GONE; ABORTED
   */
  cut(span: { startMs: number; endMs: number }, signal?: AbortSignal): Promise<Clip>;
  close(): Promise<void>;
}

/** Cuts clips, in a worker of its own. */
export interface ClipCutter {
  open(source: ClipSource): Promise<OpenClipSource>;
  /** Ends the worker. */
  dispose(): void;
}
