import type { TrackIndex } from '@/lib/engine/audio';
import type { Cover } from './cover';

/** How a playable copy is made. */
export interface PlayableOrder {
  source: Blob;
  /** Where it is written; what is in there is lost. */
  file: FileSystemFileHandle;
  /** Which audio track of the source, or all mixed; these only as `sound`. */
  track: TrackIndex;
  /**
   * `packets`: the encoded sound as it is, where the source's packets count exactly; `sound`: what
   * the decoder gives, encoded again.
   */
  from: 'packets' | 'sound';
  /** Whether the picture is copied, where there is one that this browser can show. */
  withVideo: boolean;
  /** `ffmpeg`: the one that decoded it for the transcript. */
  decoder: 'auto' | 'ffmpeg';
  /** What is covered; only with `sound`. */
  cover?: Cover;
}

/** What was written. */
export interface WrittenPlayable {
  mediaType: string;
  sizeBytes: number;
  /** Length of its sound. */
  durationMs: number;
  hasVideo: boolean;
}

/** Makes copies of recordings that a browser plays exactly, in a worker of its own. */
export interface PlayableWriter {
  /** @param onProgress called with how much of the audio has been written, in ms */
  write(
    order: PlayableOrder,
    options?: { signal?: AbortSignal; onProgress?: (doneMs: number) => void },
  ): Promise<WrittenPlayable>;
  dispose(): void;
}
