import { storing } from './db';

/** A position before this is not kept: playback starts from the beginning. In ms. */
const FROM_MS = 5_000;
/** This close to the end counts as played to the end, in ms. */
const END_MS = 15_000;

/** A position worth returning to; `null` near the start and near the end. */
export function positionWorthKeeping(placeMs: number, durationMs: number): number | null {
  return placeMs >= FROM_MS && placeMs < durationMs - END_MS ? Math.round(placeMs) : null;
}

/**
 * Stores the playback position of a recording. Not announced: only a page that is opened later reads it.
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

/** The stored playback position in ms; `null`: from the start. */
export async function getPlaybackPosition(id: string): Promise<number | null> {
  const record = await storing((db) => db.get('transcripts', id));
  const placeMs = record?.placeMs;
  return record && placeMs !== undefined ? positionWorthKeeping(placeMs, record.durationMs) : null;
}
