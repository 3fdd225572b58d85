import 'server-only';
import { inArray } from 'drizzle-orm';
import { throwIfAborted } from '@/lib/core';
import { database, datasetClips, datasetUploads, withLease } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log } from '@/lib/server/process';
import { abandonedUploads, removeClip, unusedClips } from './clip-removal';
import { removeUpload } from './clips';
import { compactManifest } from './compact';
import { clipOfKey, clipShard, UPLOADS, uploadFolder, uploadOfKey } from './dataset-objects';
import { exportSegments } from './export-segments';
import { repairLatest } from './publish';

/** An instance that dies in a sweep is replaced after this, in ms. */
const LEASE_MS = 60_000;

/** Clips and uploads removed in one run. */
const REMOVED_A_RUN = 200;

/** An object without a row is removed only once it is this old, in ms: it may be about to get one. */
const ORPHAN_AGE_MS = 24 * 60 * 60_000;

/** The first two digits of a hash. */
const SHARDS = 256;

/**
 * Cleans up: exports pending entries, repairs the name of the newest version, merges segments, and removes abandoned
 * uploads and clips that no entry needs. One instance does this at a time; the next run does what is left.
 * @param shard which 256th of the clips is searched for orphaned objects
 */
export async function sweepDataset(shard = Math.floor(Math.random() * SHARDS)): Promise<void> {
  await withLease('dataset.sweep', LEASE_MS, async (signal) => {
    await exportSegments(signal);
    await repairLatest(signal);
    await sweepUploads(signal);
    await sweepClips(signal);
    await sweepOrphans(shard.toString(16).padStart(2, '0'), signal);
  });
  await compactManifest();
}

async function sweepUploads(signal: AbortSignal): Promise<void> {
  for (const upload of await abandonedUploads(REMOVED_A_RUN)) {
    throwIfAborted(signal);
    await removeUpload(upload, signal);
  }
  await sweepLateObjects(signal);
}

/**
 * Removes old objects of uploads that have no row: a signed address of the store is still valid after its clip has
 * been checked, and deleting an account removes the rows of its uploads.
 */
async function sweepLateObjects(signal: AbortSignal): Promise<void> {
  const late = new Map<string, string>();
  for await (const { key, modifiedAt } of objectStore().list(UPLOADS, { signal }))
    if (late.size < REMOVED_A_RUN && isOld(modifiedAt))
      late.set(key, uploadOfKey(key)?.sha256 ?? '');
  if (late.size === 0) return;
  const { db } = await database();
  const uploads = await db
    .select({ ownerId: datasetUploads.ownerId, sha256: datasetUploads.sha256 })
    .from(datasetUploads)
    .where(inArray(datasetUploads.sha256, [...late.values()]));
  const known = uploads.map(uploadFolder);
  for (const key of late.keys())
    if (!known.some((folder) => key.startsWith(folder)))
      await objectStore().delete(key, { signal });
}

const isOld = (modifiedAt: Date) => Date.now() - modifiedAt.getTime() > ORPHAN_AGE_MS;

async function sweepClips(signal: AbortSignal): Promise<void> {
  for (const clip of await unusedClips(REMOVED_A_RUN)) {
    throwIfAborted(signal);
    await removeClip(clip, signal);
  }
}

/** Removes orphaned clips. An object is written before its row, so an old one without a row will never get one. */
async function sweepOrphans(shard: string, signal: AbortSignal): Promise<void> {
  const keys = new Map<string, string>();
  for await (const { key, modifiedAt } of objectStore().list(clipShard(shard), { signal })) {
    const clip = clipOfKey(key);
    if (clip !== null && isOld(modifiedAt)) keys.set(clip, key);
  }
  if (keys.size === 0) return;
  const { db } = await database();
  const known = await db
    .select({ sha256: datasetClips.sha256 })
    .from(datasetClips)
    .where(inArray(datasetClips.sha256, [...keys.keys()]));
  for (const { sha256 } of known) keys.delete(sha256);
  for (const key of [...keys.values()].slice(0, REMOVED_A_RUN))
    await objectStore().delete(key, { signal });
  if (keys.size > 0) log('info', 'dataset.orphans_removed', { count: keys.size });
}
