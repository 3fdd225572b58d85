import 'server-only';

/** Which bytes of a file are asked for, the last one not included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Reads a `Range` header (RFC 9110, section 14). What is not one plain range counts as none: the whole
 * is then a right answer.
 * @param sizeBytes of the whole
 * @returns `null`: the whole is asked for; `'none'`: the file has no such bytes
 */
export function parseRange(header: string | null, sizeBytes: number): ByteRange | 'none' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? 'none' : { start: sizeBytes - count, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < start) return null;
  return start >= sizeBytes ? 'none' : { start, end };
}
