/** Longest name without its extension: file systems take 255 bytes, and a character can need four. */
const MAX_CHARACTERS = 60;

/** Names that Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** A file name made from a transcript's title that every system takes. */
export function exportFileName(title: string, extension: string): string {
  const bare = title
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ');
  const short = [...bare].slice(0, MAX_CHARACTERS).join('');
  // a leading dot hides a file, a trailing dot or space is lost on Windows
  const trimmed = short.replace(/^[\s.]+|[\s.]+$/g, '');
  const name =
    trimmed === '' || RESERVED.test(trimmed.split('.')[0] ?? '') ? 'transcript' : trimmed;
  return `${name}.${extension}`;
}
