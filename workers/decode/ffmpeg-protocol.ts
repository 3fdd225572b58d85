/**
 * Which times ffmpeg goes by. `kept`: the container's own, where 0 is the start. `from-first`: the
 * container's, with the first packet of all at 0. `counted`: none; bare streams are joined from
 * pieces whose own counting starts again.
 */
export type FfmpegTimes = 'kept' | 'from-first' | 'counted';

/** What the ffmpeg worker is told. It runs ffmpeg once (`shared`) or once for each `window`. */
export type ToFfmpeg =
  | {
      kind: 'start';
      source: Blob;
      /** Folder of the core, with a slash at the end. */
      coreUrl: string;
      /** One counter of pieces on their way; ffmpeg sleeps on it. `null`: windows are asked for. */
      outstanding: SharedArrayBuffer | null;
      /** Sound well before this is decoded but not sent. */
      fromSeconds: number;
      times: FfmpegTimes;
      /** Which of the source's audio tracks, from 0. */
      track: number;
    }
  /** Decodes from `fromSeconds` on; what lies well before `wantedSeconds` is not sent. */
  | { kind: 'window'; fromSeconds: number; wantedSeconds: number; lengthSeconds: number };

/** What it answers. `pcm` is at the source's own rate, a plane for each channel. */
export type FromFfmpeg =
  /** Windows can be asked for. */
  | { kind: 'ready' }
  | { kind: 'header'; rateHz: number }
  /** `startFrame` counts decoded frames from the start of the run; empty while sound is passed over. */
  | {
      kind: 'pcm';
      startFrame: number;
      planes: Float32Array<ArrayBuffer>[];
      times: FrameTime[];
    }
  | { kind: 'log'; line: string; seconds: number }
  /** A run ended; `status` 0 is success. */
  | { kind: 'ended'; status: number }
  | { kind: 'failed'; name: string; message: string };

/** A decoded frame's place among those of the run, and ffmpeg's time of it. */
export interface FrameTime {
  frame: number;
  seconds: number;
}

/** Pieces that may be on their way to the reader before ffmpeg waits. */
export const MAX_OUTSTANDING = 3;
