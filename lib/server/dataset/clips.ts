import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import pLimit from 'p-limit';
import {
  CLIP_PART_BYTES,
  CLIP_SAMPLE_RATE_HZ,
  CLIP_SAMPLES_PER_MS,
  type ClipRefusal,
  type ClipState,
  type NewClip,
} from '@/lib/contracts';
import { AppError, throwIfAborted } from '@/lib/core';
import { database, datasetClips, datasetEntries, datasetUploads, users } from '@/lib/server/db';
import { countClip } from '@/lib/server/limits';
import { objectStore } from '@/lib/server/objects';
import { clipKey, partKey } from './dataset-objects';
import { decodeFlac } from './flac';

/** What one person may upload in a day, in bytes: some fifty hours of speech. */
export const MAX_BYTES_A_DAY = 4 * 2 ** 30;

/** Clips that one process checks at a time: each has at most a megabyte in memory. */
const CHECKS_AT_ONCE = 4;

const checking = pLimit(CHECKS_AT_ONCE);

type Upload = typeof datasetUploads.$inferSelect;

const partsOf = (sizeBytes: number) => Math.ceil(sizeBytes / CLIP_PART_BYTES);

function wanted({ sha256, receivedParts }: Upload): ClipState {
  return {
    state: 'wanted',
    offset: receivedParts * CLIP_PART_BYTES,
    upload: {
      method: 'PUT',
      url: `/api/dataset/clips/${sha256}`,
      headers: { 'content-type': 'application/octet-stream' },
    },
  };
}

/** The state of a stored clip; `null` when there is none. @throws SERVER_BUSY while it is being removed */
async function storedClip(sha256: string): Promise<ClipState | null> {
  const { db } = await database();
  const [clip] = await db.select().from(datasetClips).where(eq(datasetClips.sha256, sha256));
  if (!clip) return null;
  if (clip.isRemoving) throw new AppError('SERVER_BUSY', 'This clip is being removed.');
  return { state: 'stored', durationMs: clip.durationMs };
}

/**
 * Notes that a clip is to come. The same announcement again says how far it has come.
 * @throws RATE_LIMITED when its giver has uploaded too much in a day
 */
export async function announceClip(
  ownerId: string,
  clip: NewClip,
  signal: AbortSignal,
): Promise<ClipState> {
  const stored = await storedClip(clip.sha256);
  if (stored) return stored;
  const opened = await database();
  const upload = await opened.transaction(async (tx) => {
    // one after the other for each giver, so that the limit holds
    await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('update');
    const mine = and(eq(datasetUploads.ownerId, ownerId), eq(datasetUploads.sha256, clip.sha256));
    const [known] = await tx.select().from(datasetUploads).where(mine);
    if (known && known.sizeBytes === clip.sizeBytes && known.samples === clip.samples) return known;
    const [sum] = await tx
      .select({
        bytes: sql<number>`(
          coalesce((select sum(size_bytes) from ${datasetClips} where uploaded_by = ${ownerId} and stored_at > now() - interval '1 day'), 0)
          + coalesce((select sum(size_bytes) from ${datasetUploads} where owner_id = ${ownerId}), 0)
        )::float8`,
      })
      .from(users)
      .where(eq(users.id, ownerId));
    if ((sum?.bytes ?? 0) + clip.sizeBytes > MAX_BYTES_A_DAY)
      throw new AppError('RATE_LIMITED', 'You have given as much as fits into a day.', {
        details: { retryAfterS: 3600, limit: 'dataset.bytes' },
      });
    const fresh = { ...clip, ownerId, receivedParts: 0, touchedAt: sql`now()` };
    const [made] = await tx
      .insert(datasetUploads)
      .values(fresh)
      .onConflictDoUpdate({
        target: [datasetUploads.ownerId, datasetUploads.sha256],
        set: fresh,
      })
      .returning();
    if (!made) throw new AppError('UNKNOWN', 'The upload was not noted.');
    return made;
  });
  // all of it came, and the process ended before it was checked
  if (upload.receivedParts >= partsOf(upload.sizeBytes)) return checkClip(upload, signal);
  return wanted(upload);
}

/**
 * Takes a part of an announced clip; with the last one the clip is checked, and only then counts. A
 * part that is there already is not read again.
 * @param read reads a body of at most this many bytes
 * @throws NOT_FOUND when it was not announced; BAD_REQUEST for another size than belongs there
 */
export async function putClipPart(
  { ownerId, sha256, offset }: { ownerId: string; sha256: string; offset: number },
  read: (maxBytes: number) => Promise<Uint8Array>,
  signal: AbortSignal,
): Promise<ClipState> {
  const { db } = await database();
  const mine = and(eq(datasetUploads.ownerId, ownerId), eq(datasetUploads.sha256, sha256));
  const [upload] = await db.select().from(datasetUploads).where(mine);
  if (!upload) {
    const stored = await storedClip(sha256);
    if (stored) return stored;
    throw new AppError('NOT_FOUND', 'This clip was not announced, or was given up.');
  }
  const part = offset / CLIP_PART_BYTES;
  const size = Math.min(CLIP_PART_BYTES, upload.sizeBytes - offset);
  if (!Number.isInteger(part) || size <= 0)
    throw new AppError('BAD_REQUEST', 'No part of this clip begins there.');
  if (part !== upload.receivedParts) return wanted(upload);
  const bytes = await read(size);
  if (bytes.length !== size)
    throw new AppError('BAD_REQUEST', `${bytes.length} bytes came where ${size} belong.`);
  await objectStore().put(partKey(ownerId, sha256, part), bytes, { signal });
  const [next] = await db
    .update(datasetUploads)
    .set({ receivedParts: part + 1, touchedAt: sql`now()` })
    .where(and(mine, eq(datasetUploads.receivedParts, part)))
    .returning();
  // another request was faster, or the upload was given up: what is stored now says how to continue
  if (!next) return announceClip(ownerId, upload, signal);
  return next.receivedParts < partsOf(next.sizeBytes) ? wanted(next) : checkClip(next, signal);
}

/** The bytes of an upload, part by part, also into `whole`. @throws SERVER_BUSY when a part is gone */
async function* uploadedBytes(
  { ownerId, sha256, sizeBytes }: Upload,
  whole: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let part = 0; part < partsOf(sizeBytes); part += 1) {
    const found = await objectStore().get(partKey(ownerId, sha256, part), { signal });
    if (!found) throw new AppError('SERVER_BUSY', 'A part of this clip is gone: send it again.');
    for await (const piece of found.body) {
      throwIfAborted(signal);
      if (at + piece.length > sizeBytes) throw new AppError('UNKNOWN', 'A part is too long.');
      whole.set(piece, at);
      at += piece.length;
      yield piece;
    }
  }
}

/** Hashes what it passes on. */
async function* hashed(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

/**
 * Checks a clip that has come whole: by its hash and by decoding it to its end. Kept, it has its final
 * name; refused, nothing of it stays.
 */
function checkClip(upload: Upload, signal: AbortSignal): Promise<ClipState> {
  return checking(async () => {
    const { ownerId, sha256, sizeBytes } = upload;
    const whole = new Uint8Array(sizeBytes);
    const hash = createHash('sha256');
    const decoded = await decodeFlac(hashed(uploadedBytes(upload, whole, signal), hash));
    const reason = refusalOf(decoded, upload, hash.digest('hex'));
    countClip(reason ?? 'stored');
    if (reason !== null) {
      await removeUpload(upload, signal);
      return { state: 'refused', reason };
    }
    await objectStore().put(clipKey(sha256), whole, { mediaType: 'audio/flac', signal });
    const durationMs = upload.samples / CLIP_SAMPLES_PER_MS;
    const { db } = await database();
    await db
      .insert(datasetClips)
      .values({ sha256, sizeBytes, durationMs, uploadedBy: ownerId })
      .onConflictDoNothing();
    const stored = await storedClip(sha256);
    await removeUpload(upload, signal);
    return stored ?? { state: 'stored', durationMs };
  });
}

function refusalOf(
  decoded: Awaited<ReturnType<typeof decodeFlac>>,
  { sha256, samples }: Upload,
  hash: string,
): ClipRefusal | null {
  if (hash !== sha256) return 'hash';
  if (!decoded) return 'not_flac';
  const { sampleRateHz, channels, bitsPerSample } = decoded;
  if (sampleRateHz !== CLIP_SAMPLE_RATE_HZ || channels !== 1 || bitsPerSample !== 16)
    return 'format';
  return decoded.samples === samples ? null : 'length';
}

/** Removes the parts of an upload, then the upload: while a part is there, it is known whose it is. */
export async function removeUpload(
  { ownerId, sha256, sizeBytes }: Upload,
  signal: AbortSignal,
): Promise<void> {
  for (let part = 0; part < partsOf(sizeBytes); part += 1)
    await objectStore().delete(partKey(ownerId, sha256, part), { signal });
  const { db } = await database();
  await db
    .delete(datasetUploads)
    .where(and(eq(datasetUploads.ownerId, ownerId), eq(datasetUploads.sha256, sha256)));
}

/** A stored clip that no entry has which was not withdrawn. */
const isUnused = sql`not exists (
  select 1 from ${datasetEntries} where ${datasetEntries.clip} = ${datasetClips.sha256} and ${datasetEntries.withdrawnAt} is null
)`;

/**
 * Removes a clip unless an entry needs it. From the first step on nobody can give it again before it
 * is gone; a process that dies here leaves the rest to the sweep.
 */
export async function removeClip(sha256: string, signal: AbortSignal): Promise<void> {
  const { db, transaction } = await database();
  const isRemoving = await transaction(async (tx) => {
    // an entry that is being given holds this row until it is committed
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
