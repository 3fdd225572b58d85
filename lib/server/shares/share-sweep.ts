import 'server-only';
import { randomInt } from 'node:crypto';
import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { throwIfAborted, toAppError } from '@/lib/core';
import { database, shares, withLease } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log } from '@/lib/server/process';
import { deleteObjects, idHashOfKey, shardPrefix, shortName } from './share-objects';
import { removeShare } from './shares';

/** An upload that was not finished after this many hours is given up. */
const UNFINISHED_H = 24;

/** Shares removed in one run, and objects without a share. */
const MAX_SHARES_A_RUN = 100;
const MAX_ORPHANS_A_RUN = 1000;

/** A store that fails so often in a run will not do better a moment later. */
const MAX_FAILURES = 3;

/** An instance that dies in a sweep is replaced after this, in ms. */
const LEASE_MS = 60_000;

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Removes the ciphertext of shares that were revoked, have expired or were never finished, and
 * objects that belong to no share any more (their owner's account was deleted). By one instance
 * at a time; what is left over is for the next run.
 * @param shard which 64th of all objects is looked through; any by default
 */
export async function sweepShares(shard = randomInt(BASE64URL.length)): Promise<void> {
  await withLease('shares.sweep', LEASE_MS, async (signal) => {
    await sweepEnded(signal);
    await sweepOrphans(BASE64URL.charAt(shard), signal);
  });
}

async function sweepEnded(signal: AbortSignal): Promise<void> {
  const { db } = await database();
  const ended = await db
    .select()
    .from(shares)
    .where(
      or(
        isNotNull(shares.revokedAt),
        lte(shares.expiresAt, sql`now()`),
        and(
          isNull(shares.completedAt),
          lt(shares.createdAt, sql`now() - make_interval(hours => ${UNFINISHED_H}::int)`),
        ),
      ),
    )
    .orderBy(asc(shares.expiresAt))
    .limit(MAX_SHARES_A_RUN);
  let failures = 0;
  for (const row of ended) {
    throwIfAborted(signal);
    try {
      // first of all it can no longer be opened, also when this takes several runs
      await db
        .update(shares)
        .set({ revokedAt: sql`coalesce(${shares.revokedAt}, now())` })
        .where(eq(shares.idHash, row.idHash));
      await removeShare(row, signal);
    } catch (error) {
      log('warn', 'shares.not_removed_yet', {
        share: shortName(row.idHash),
        code: toAppError(error).code,
      });
      failures += 1;
      if (failures >= MAX_FAILURES) throw error;
    }
  }
  if (ended.length > 0) log('info', 'shares.removed', { count: ended.length - failures });
}

async function sweepOrphans(shard: string, signal: AbortSignal): Promise<void> {
  const keysOf = new Map<string, string[]>();
  for await (const { key } of objectStore().list(shardPrefix(shard), { signal })) {
    throwIfAborted(signal);
    const idHash = idHashOfKey(key);
    if (idHash === null) continue;
    const keys = keysOf.get(idHash);
    if (keys) keys.push(key);
    else keysOf.set(idHash, [key]);
  }
  if (keysOf.size === 0) return;
  // a share is there before its first object is: one without a share now has none
  const { db } = await database();
  const known = await db
    .select({ idHash: shares.idHash })
    .from(shares)
    .where(inArray(shares.idHash, [...keysOf.keys()]));
  for (const { idHash } of known) keysOf.delete(idHash);
  const orphans = [...keysOf.values()].flat().slice(0, MAX_ORPHANS_A_RUN);
  await deleteObjects(orphans, signal);
  if (orphans.length > 0) log('info', 'shares.orphans_removed', { count: orphans.length });
}
