/**
 * Files that hold sound. Playlists are not among them: they name other files and addresses, which
 * ffmpeg would open.
 */
const FORMATS = [
  ...['aac', 'ac3', 'aiff', 'amr', 'ape', 'asf', 'au', 'avi', 'caf', 'dsf', 'dts', 'dtshd', 'dv'],
  ...['eac3', 'flac', 'flv', 'gsm', 'loas', 'matroska', 'mlp', 'mov', 'mp3', 'mpc', 'mpc8', 'mpeg'],
  ...['mpegts', 'mxf', 'nut', 'ogg', 'oma', 'rm', 'shn', 'sox', 'spdif', 'tak', 'truehd', 'tta'],
  ...['voc', 'vqf', 'w64', 'wav', 'wtv', 'wv', 'xwma'],
].join(',');

/**
 * Arguments of ffmpeg with guards in front of the input, which names nothing else that would be opened.
 * @param protocols by which the input is read
 */
export function guarded(args: readonly string[], protocols: string): string[] {
  const input = args.indexOf('-i');
  const guards = ['-protocol_whitelist', protocols, '-format_whitelist', FORMATS];
  return [...args.slice(0, input), ...guards, ...args.slice(input)];
}

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
