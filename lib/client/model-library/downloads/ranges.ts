/**
 * First byte of a 206 answer.
 * @param wholeBytes length of the file, where it is known
 * @returns `null` when the answer does not fit: no telling where its bytes belong
 */
export function rangeStart(headers: Headers, wholeBytes: number | null): number | null {
  const value = headers.get('content-range');
  if (value === null) {
    // not every host lets a page read it; its length then suffices, as the range has no end
    const length = headers.get('content-length');
    if (wholeBytes === null || length === null || !/^\d+$/.test(length)) return null;
    return wholeBytes - Number(length);
  }
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value.trim());
  if (!match) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  if (end < start) return null;
  const whole = match[3] === '*' ? null : Number(match[3]);
  if (whole !== null && wholeBytes !== null && whole !== wholeBytes) return null;
  return start;
}

/** Length of the file according to a 416 response, or `null`. */
export function wholeLength(headers: Headers): number | null {
  const match = /^bytes \*\/(\d+)$/.exec(headers.get('content-range')?.trim() ?? '');
  return match ? Number(match[1]) : null;
}
