import { storing } from './db';

/** What was heard of the start is heard again, in ms. */
const FROM_MS = 5_000;
/** Who stopped this near the end has heard it to the end. */
const END_MS = 15_000;

/** A place worth coming back to; `null` near the start and near the end. */
export function positionWorthKeeping(placeMs: number, durationMs: number): number | null {
  return placeMs >= FROM_MS && placeMs < durationMs - END_MS ? Math.round(placeMs) : null;
}

/**
 * Keeps where a recording is being listened to. No page shows it but the one that comes back: nobody
 * is told of the change.
 */
export async function savePlaybackPosition(id: string, placeMs: number): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction('transcripts', 'readwrite');
    const record = await tx.store.get(id);
    if (record) {
      const { placeMs: _before, ...others } = record;
      const place = positionWorthKeeping(placeMs, record.durationMs);
      await tx.store.put(place === null ? others : { ...others, placeMs: place });
    }
    await tx.done;
  });
}

/** Where a recording was being listened to; `null`: from the start. */
export async function getPlaybackPosition(id: string): Promise<number | null> {
  const record = await storing((db) => db.get('transcripts', id));
  const placeMs = record?.placeMs;
  return record && placeMs !== undefined ? positionWorthKeeping(placeMs, record.durationMs) : null;
}
