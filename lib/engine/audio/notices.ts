import type { DecodeNotice } from './types';

/** Two readers of one file place the same damage at most this far apart, in ms. */
const SAME_PLACE_MS = 500;
/** The same gap of a file's own times, which are exact. */
const SAME_GAP_MS = 20;
/** More gaps than this are summed up: a file of hours may have tens of thousands. */
const MAX_GAPS = 200;

/** Adds a gap to those before it; from `MAX_GAPS` on it only counts. */
export function addGap(notices: DecodeNotice[], gap: DecodeNotice): void {
  const last = notices.at(-1);
  if (!last || notices.length < MAX_GAPS) {
    notices.push(gap);
    return;
  }
  const lengthMs = (last.lengthMs ?? 0) + (gap.lengthMs ?? 0);
  notices[notices.length - 1] = { ...last, lengthMs, count: (last.count ?? 1) + 1 };
}

/**
 * Notices of several readers or runs over the same source, in order, each once. Of two that mean
 * the same the one that knows the length stays.
 */
export function mergeNotices(...lists: (readonly DecodeNotice[])[]): DecodeNotice[] {
  const merged: DecodeNotice[] = [];
  for (const notice of lists.flat().sort((a, b) => a.atMs - b.atMs)) {
    const same = merged.findLastIndex(
      (other) =>
        means(other, notice) &&
        notice.atMs - other.atMs <= (isMissing(other, notice) ? SAME_GAP_MS : SAME_PLACE_MS),
    );
    const before = merged[same];
    if (!before) merged.push(notice);
    else if (before.lengthMs === null) merged[same] = notice;
  }
  return merged;
}

function isMissing(...both: DecodeNotice[]): boolean {
  return both.every(({ kind }) => kind === 'missing');
}

/** A gap of unknown length where the recording then breaks off is that break. */
function means(before: DecodeNotice, notice: DecodeNotice): boolean {
  if (before.kind === notice.kind) return before.track?.index === notice.track?.index;
  return before.kind === 'gap' && before.lengthMs === null;
}
