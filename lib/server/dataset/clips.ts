import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
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
import { database, datasetClips, datasetUploads, users } from '@/lib/server/db';
import { countClip } from '@/lib/server/limits';
import { objectStore } from '@/lib/server/objects';
import { clipKey, keysBelow, partKey, uploadFolder, wholeKey } from './dataset-objects';
import { decodeFlac } from './flac';

/** What one person may upload in a day, in bytes: some fifty hours of speech. */
export const MAX_BYTES_A_DAY = 4 * 2 ** 30;

/** Clips that one process checks at a time: each has at most a megabyte in memory. */
const CHECKS_AT_ONCE = 4;

/** How long a browser has to begin with sending a clip to the store. */
const ADDRESS_LIFETIME_S = 300;

const checking = pLimit(CHECKS_AT_ONCE);

/** A clip that has been announced. */
export type Upload = typeof datasetUploads.$inferSelect;

const partsOf = (sizeBytes: number) => Math.ceil(sizeBytes / CLIP_PART_BYTES);

/** Of a clip through the app. */
const partKeys = (upload: Upload) =>
  Array.from({ length: partsOf(upload.sizeBytes) }, (_, part) => partKey(upload, part));

function wanted({ sha256, receivedParts }: Upload): ClipState {
  return {
    state: 'wanted',
    offset: receivedParts * CLIP_PART_BYTES,
    upload: {
      method: 'PUT',
      to: 'app',
      url: `/api/dataset/clips/${sha256}`,
      headers: { 'content-type': 'application/octet-stream' },
    },
  };
}

/** The same, but uploaded to an address of the object store, if browsers can reach it. */
async function wantedByStore(upload: Upload): Promise<ClipState | null> {
  const { sha256, sizeBytes } = upload;
  const facts = { sha256, sizeBytes, lifetimeS: ADDRESS_LIFETIME_S };
  const address = await objectStore().uploadAddress(wholeKey(upload), facts);
  return (
    address && { state: 'wanted', offset: 0, upload: { method: 'PUT', to: 'store', ...address } }
  );
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
 * Announces a clip. Repeated, it reports the progress of the upload, and checks a clip that has been uploaded
 * to the store completely.
 * @throws RATE_LIMITED when its giver has uploaded too much in a day
 */
export async function announceClip(
  ownerId: string,
  { canReachStore = false, ...clip }: NewClip,
  signal: AbortSignal,
): Promise<ClipState> {
  const stored = await storedClip(clip.sha256);
  if (stored) return stored;
  const { upload, isKnown } = await noteUpload(ownerId, clip);
  // all of it came, and the process ended before it was checked
  if (upload.receivedParts >= partsOf(upload.sizeBytes))
    return checkClip(upload, partKeys(upload), signal);
  if (isKnown) {
    const whole = wholeKey(upload);
    const keys = await keysBelow(uploadFolder(upload), signal);
    if (keys.includes(whole)) return checkClip(upload, [whole], signal);
  }
  const isBegun = upload.receivedParts > 0;
  return (canReachStore && !isBegun && (await wantedByStore(upload))) || wanted(upload);
}

/** Makes the row of an upload, or finds it. */
async function noteUpload(
  ownerId: string,
  { sha256, sizeBytes, samples }: NewClip,
): Promise<{ upload: Upload; isKnown: boolean }> {
  const opened = await database();
  return opened.transaction(async (tx) => {
    // one after the other for each giver, so that the limit holds
    await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('update');
    const mine = and(eq(datasetUploads.ownerId, ownerId), eq(datasetUploads.sha256, sha256));
    const [known] = await tx.select().from(datasetUploads).where(mine);
    if (known && known.sizeBytes === sizeBytes && known.samples === samples)
      return { upload: known, isKnown: true };
    const [sum] = await tx
      .select({
        bytes: sql<number>`(
          coalesce((select sum(size_bytes) from ${datasetClips} where uploaded_by = ${ownerId} and stored_at > now() - interval '1 day'), 0)
          + coalesce((select sum(size_bytes) from ${datasetUploads} where owner_id = ${ownerId}), 0)
        )::float8`,
      })
      .from(users)
      .where(eq(users.id, ownerId));
    if ((sum?.bytes ?? 0) + sizeBytes > MAX_BYTES_A_DAY)
      throw new AppError('RATE_LIMITED', 'You have given as much as fits into a day.', {
        details: { retryAfterS: 3600, limit: 'dataset.bytes' },
      });
    const facts = { sha256, sizeBytes, samples };
    const fresh = { ...facts, ownerId, receivedParts: 0, touchedAt: sql`now()` };
    const [made] = await tx
      .insert(datasetUploads)
      .values(fresh)
      .onConflictDoUpdate({
        target: [datasetUploads.ownerId, datasetUploads.sha256],
        set: fresh,
      })
      .returning();
    if (!made) throw new AppError('UNKNOWN', 'The upload was not noted.');
    return { upload: made, isKnown: false };
  });
}

/**
 * Stores a part of an announced clip. The last part completes the clip, which is then checked. A part that is
 * stored already is not read again.
 * @param read reads a body of at most this many bytes
 * @throws NOT_FOUND when it was not announced; BAD_REQUEST when the part has the wrong size
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
  await objectStore().put(partKey(upload, part), bytes, { signal });
  const [next] = await db
    .update(datasetUploads)
    .set({ receivedParts: part + 1, touchedAt: sql`now()` })
    .where(and(mine, eq(datasetUploads.receivedParts, part)))
    .returning();
  // another request was faster, or the upload was given up: what is stored now says how to continue
  if (!next) return announceClip(ownerId, upload, signal);
  return next.receivedParts < partsOf(next.sizeBytes)
    ? wanted(next)
    : checkClip(next, partKeys(next), signal);
}

/** The bytes of an upload, object by object, also into `whole`. @throws SERVER_BUSY when one is gone */
async function* uploadedBytes(
  keys: readonly string[],
  whole: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const key of keys) {
    const found = await objectStore().get(key, { signal });
    if (!found) throw new AppError('SERVER_BUSY', 'A part of this clip is gone: send it again.');
    for await (const piece of found.body) {
      throwIfAborted(signal);
      if (at + piece.length > whole.length) throw new AppError('UNKNOWN', 'A part is too long.');
      whole.set(piece, at);
      at += piece.length;
      yield piece;
    }
  }
}

/** Passes pieces through and hashes them. */
async function* hashed(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

/**
 * Checks a completely uploaded clip: its hash, and whether it decodes to its end. If it is accepted, it is stored
 * under its final name; if refused, nothing of it is kept.
 * @param keys of the objects that make it up, in order
 */
function checkClip(
  upload: Upload,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ClipState> {
  return checking(async () => {
    const { ownerId, sha256, sizeBytes } = upload;
    const whole = new Uint8Array(sizeBytes);
    const hash = createHash('sha256');
    const decoded = await decodeFlac(hashed(uploadedBytes(keys, whole, signal), hash));
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

/** Removes the objects of an upload, then the upload: while one is there, it is known whose it is. */
export async function removeUpload(upload: Upload, signal: AbortSignal): Promise<void> {
  const { ownerId, sha256 } = upload;
  for (const key of await keysBelow(uploadFolder(upload), signal))
    await objectStore().delete(key, { signal });
  const { db } = await database();
  await db
    .delete(datasetUploads)
    .where(and(eq(datasetUploads.ownerId, ownerId), eq(datasetUploads.sha256, sha256)));
}
