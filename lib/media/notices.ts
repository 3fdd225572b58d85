import type { DecodeNotice } from './types';

/** Two readers of one file place the same damage at most this far apart, in ms. */
const SAME_PLACE_MS = 500;

/**
 * Notices of several readers or runs over the same source, in order, each once. Of two that mean
 * the same the one that knows the length stays.
 */
export function mergeNotices(...lists: (readonly DecodeNotice[])[]): DecodeNotice[] {
  const merged: DecodeNotice[] = [];
  for (const notice of lists.flat().sort((a, b) => a.atMs - b.atMs)) {
    const same = merged.findLastIndex(
      (other) => means(other, notice) && notice.atMs - other.atMs <= SAME_PLACE_MS,
    );
    const before = merged[same];
    if (!before) merged.push(notice);
    else if (before.lengthMs === null) merged[same] = notice;
  }
  return merged;
}

/** A gap of unknown length where the recording then breaks off is that break. */
function means(before: DecodeNotice, notice: DecodeNotice): boolean {
  if (before.kind === notice.kind) return true;
  return before.kind === 'gap' && before.lengthMs === null;
}
