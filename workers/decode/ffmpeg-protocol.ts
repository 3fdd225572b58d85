/** What the ffmpeg worker is told. It runs ffmpeg once (`shared`) or once for each `window`. */
export type ToFfmpeg =
  | {
      kind: 'start';
      source: Blob;
      /** Folder of the core, with a slash at the end. */
      coreUrl: string;
      /** One counter of pieces on their way; ffmpeg sleeps on it. `null`: windows are asked for. */
      outstanding: SharedArrayBuffer | null;
      /** Sound before this is decoded but not sent. */
      fromSeconds: number;
      /** Takes the container's times as they are (in `shared` flow). */
      keepsTimes: boolean;
    }
  /** Decodes from `fromSeconds` on; the first `skipSeconds` of it are not sent. */
  | { kind: 'window'; fromSeconds: number; skipSeconds: number; lengthSeconds: number };

/** What it answers. `pcm` is mono at the source's own rate. */
export type FromFfmpeg =
  /** Windows can be asked for. */
  | { kind: 'ready' }
  | { kind: 'header'; rateHz: number }
  /** `startFrame` counts from the start of the run. */
  | { kind: 'pcm'; startFrame: number; pcm: Float32Array<ArrayBuffer> }
  | { kind: 'log'; line: string; frame: number }
  /** A run ended; `status` 0 is success. `frames` were given out or passed over. */
  | { kind: 'ended'; status: number; frames: number }
  | { kind: 'failed'; name: string; message: string };

/** Pieces that may be on their way to the reader before ffmpeg waits. */
export const MAX_OUTSTANDING = 3;
