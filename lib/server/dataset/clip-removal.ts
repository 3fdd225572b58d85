import 'server-only';
import { and, eq, gt, sql } from 'drizzle-orm';
import { database, datasetClips, datasetEntries, datasetUploads } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import type { Upload } from './clips';
import { clipKey } from './dataset-objects';

/** Condition for a stored clip all of whose entries, if any, were withdrawn. */
const isUnused = sql`not exists (
  select 1 from ${datasetEntries} where ${datasetEntries.clip} = ${datasetClips.sha256} and ${datasetEntries.withdrawnAt} is null
)`;

/**
 * Removes a clip unless an entry needs it. Once marked, it cannot be given again until it is gone; if the
 * process dies in between, the sweep does the rest.
 */
export async function removeClip(sha256: string, signal: AbortSignal): Promise<void> {
  const { db, transaction } = await database();
  const isRemoving = await transaction(async (tx) => {
    // waits for a transaction that is adding an entry for this clip: it has locked the row
    await tx
      .select({ sha256: datasetClips.sha256 })
      .from(datasetClips)
      .where(eq(datasetClips.sha256, sha256))
      .for('update');
    const marked = await tx
      .update(datasetClips)
      .set({ isRemoving: true })
      .where(and(eq(datasetClips.sha256, sha256), isUnused))
      .returning({ sha256: datasetClips.sha256 });
    return marked.length > 0;
  });
  if (!isRemoving) return;
  await objectStore().delete(clipKey(sha256), { signal });
  await db
    .delete(datasetClips)
    .where(and(eq(datasetClips.sha256, sha256), eq(datasetClips.isRemoving, true)));
}

/** Hours after which a clip that was never given with a text is removed, and an upload is given up. */
const FORGOTTEN_H = 24;

/** Clips that are to be removed: no entry needs them, and none is about to come. */
export async function unusedClips(max: number): Promise<string[]> {
  const { db } = await database();
  const wasGiven = sql`exists (select 1 from ${datasetEntries} where ${datasetEntries.clip} = ${datasetClips.sha256} and ${datasetEntries.givenAt} >= ${datasetClips.storedAt})`;
  const rows = await db
    .select({ sha256: datasetClips.sha256 })
    .from(datasetClips)
    .where(
      sql`${datasetClips.isRemoving} or (${isUnused} and (${wasGiven} or ${datasetClips.storedAt} < now() - make_interval(hours => ${FORGOTTEN_H}::int)))`,
    )
    .limit(max);
  return rows.map((row) => row.sha256);
}

/** Uploads that nobody has resumed. */
export async function abandonedUploads(max: number): Promise<Upload[]> {
  const { db } = await database();
  return db
    .select()
    .from(datasetUploads)
    .where(
      gt(
        sql`now() - make_interval(hours => ${FORGOTTEN_H}::int)`,
        sql`${datasetUploads.touchedAt}`,
      ),
    )
    .limit(max);
}
