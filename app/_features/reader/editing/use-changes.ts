import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { listEdits, listTouched, type SegmentRecord } from '@/lib/client/store';
import { type ChangedPlace, compareRows, type Row } from '@/lib/transcript';
import type { TranscriptSource } from '../transcript-source';

type Edits = Awaited<ReturnType<typeof listEdits>>;

/** Where a transcript differs from what was recognised, and its edits. */
export interface Changes {
  places: ChangedPlace[];
  edits: Edits;
}

/** The newest edit of a place. */
export type LastChange = Pick<Edits[number], 'at' | 'by'>;

/** The places at which a transcript differs from what was recognised, and its edits. */
export function useChanges(source: TranscriptSource, segments: readonly SegmentRecord[]) {
  return useQuery({
    queryKey: [...queryKeys.changes(source.id), segments],
    queryFn: () => readChanges(source, segments),
    // the places before, while those of the newest edit are read
    placeholderData: (before) => before,
    structuralSharing: false,
  });
}

async function readChanges(
  source: TranscriptSource,
  segments: readonly SegmentRecord[],
): Promise<Changes> {
  const [touched, edits] = await Promise.all([listTouched(source.id), listEdits(source.id)]);
  const rows: Row[] = [];
  let from = 0;
  for (const { transcriptId: _, wordCount: _count, ...row } of segments) {
    while ((touched[from]?.endMs ?? Number.POSITIVE_INFINITY) <= row.startMs) from++;
    const next = touched[from];
    if (!next) break;
    if (next.startMs >= row.endMs) continue;
    const words = (await source.readWords(row.index, row.index + 1)).get(row.index);
    rows.push({ ...row, words: words ?? [] });
  }
  return { places: compareRows(touched, rows), edits };
}

/** The last edit that touched a place; `null`: none is in the list. */
export function lastChange(edits: Edits, place: ChangedPlace): LastChange | null {
  const touches = ({ startMs, endMs }: Row) => startMs < place.endMs && endMs > place.startMs;
  return (
    edits.findLast(({ patch }) => patch.added.some(touches) || patch.removed.some(touches)) ?? null
  );
}
