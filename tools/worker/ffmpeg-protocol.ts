/**
 * Formats that contain sound. Not playlists, which name other files and addresses that ffmpeg would open.
 */
const FORMATS = [
  ...['aac', 'ac3', 'aiff', 'amr', 'ape', 'asf', 'au', 'avi', 'caf', 'dsf', 'dts', 'dtshd', 'dv'],
  ...['eac3', 'flac', 'flv', 'gsm', 'loas', 'matroska', 'mlp', 'mov', 'mp3', 'mpc', 'mpc8', 'mpeg'],
  ...['mpegts', 'mxf', 'nut', 'ogg', 'oma', 'rm', 'shn', 'sox', 'spdif', 'tak', 'truehd', 'tta'],
  ...['voc', 'vqf', 'w64', 'wav', 'wtv', 'wv', 'xwma'],
].join(',');

/**
 * Arguments of ffmpeg with guards before the input, so that it cannot make ffmpeg open anything else.
 * @param protocols through which the input is read
 */
export function guarded(args: readonly string[], protocols: string): string[] {
  const input = args.indexOf('-i');
  const guards = ['-protocol_whitelist', protocols, '-format_whitelist', FORMATS];
  return [...args.slice(0, input), ...guards, ...args.slice(input)];
}

/** Messages to a thread of ffmpeg: start, once, and then run. */
export type FfmpegOrder =
  | {
      kind: 'start';
      module: WebAssembly.Module;
      sizeBytes: number;
      ring: SharedArrayBuffer;
      /** A counter, then up to `WINDOW_BYTES` of the source: what was read last. */
      window: SharedArrayBuffer;
    }
  | { kind: 'run'; args: string[] };

/** Messages from it. */
export type FfmpegNews =
  | { kind: 'started' }
  | { kind: 'log'; type: string; message: string }
  /** Wants these bytes in the window; it sleeps until the counter says how many there are. */
  | { kind: 'read'; start: number; end: number }
  | { kind: 'ended'; status: number }
  | { kind: 'failed'; message: string };

/** Most bytes per read. */
export const WINDOW_BYTES = 1 << 20;
/** Length of the counter before the window. */
export const COUNTER_BYTES = 8;
/** Values of the counter while a read is pending, and when it has failed. */
export const PENDING = -1;
export const FAILED = -2;
