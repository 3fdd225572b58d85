import type { EditPatch, Row } from '@/lib/transcript';

/**
 * A patch for rows that have other places by now, since the words around them were recognised again. Its
 * rows are found by their ids; those that it adds come between the others by their time, without those that
 * would lie on others.
 */
export function relocated(patch: EditPatch, rows: readonly Row[]): EditPatch {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const removed = patch.removed.flatMap(({ id }) => byId.get(id) ?? []);
  const gone = new Set(removed);
  const others = rows.filter((row) => !gone.has(row));
  const fitting = patch.added.filter(
    (row) => !others.some(({ startMs, endMs }) => startMs < row.endMs && endMs > row.startMs),
  );
  // rows that come between the same two share the room there
  const byPlace = new Map<number, Row[]>();
  for (const row of fitting) {
    const before = others.findLastIndex(({ endMs }) => endMs <= row.startMs);
    byPlace.set(before, [...(byPlace.get(before) ?? []), row]);
  }
  const added = [...byPlace].flatMap(([before, between]) => {
    const low = others[before]?.index ?? -1;
    const high = others[before + 1]?.index ?? Math.floor(low) + 1;
    return between.map((row, at) => ({
      ...row,
      index: low + ((high - low) * (at + 1)) / (between.length + 1),
    }));
  });
  return {
    ...patch,
    removed,
    added,
    relabelled: patch.relabelled.flatMap((change) => {
      const row = byId.get(change.id);
      return row ? [{ ...change, index: row.index }] : [];
    }),
  };
}
