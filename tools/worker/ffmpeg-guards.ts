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
