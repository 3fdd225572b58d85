/** What a thread of ffmpeg is told: to start, once, and then to run. */
export type FfmpegOrder =
  | {
      kind: 'start';
      module: WebAssembly.Module;
      sizeBytes: number;
      ring: SharedArrayBuffer;
      /** Of the source, `WINDOW_BYTES` after a counter: what was read last. */
      window: SharedArrayBuffer;
    }
  | { kind: 'run'; args: string[] };

/** What it says. */
export type FfmpegNews =
  | { kind: 'started' }
  | { kind: 'log'; type: string; message: string }
  /** Wants these bytes in the window; it sleeps until the counter says how many there are. */
  | { kind: 'read'; start: number; end: number }
  | { kind: 'ended'; status: number }
  | { kind: 'failed'; message: string };

/** As many bytes are read at once, at most. */
export const WINDOW_BYTES = 1 << 20;
/** Before the window, in bytes. */
export const COUNTER_BYTES = 8;
/** Of the counter, while a read is awaited, and when there is nothing to be had. */
export const PENDING = -1;
export const FAILED = -2;
