import 'server-only';
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { MAX_SHARES, type NewShare, partCount, partSize, type ShareFacts } from '@/lib/contracts';
import { AppError, toAppError } from '@/lib/core';
import { database, shares, type Tx, users } from '@/lib/server/db';
import { objectStore } from '@/lib/server/objects';
import { log } from '@/lib/server/process';
import { notifyFollowers } from './live-followers';
import {
  deleteObjects,
  documentKey,
  isAlive,
  objectsOf,
  partKey,
  type ShareRow,
  shareHash,
  sharePrefix,
  shortName,
} from './share-objects';

/** Ciphertext of a revoked share that is not gone by then is left to the sweep, in ms. */
const REMOVE_WITHIN_MS = 10_000;

/** A share as its owner names it: by the id of its link, or by that id's hash. */
export function idHashOf(name: string): string {
  return name.length === 43 ? name : shareHash(name);
}

const notFound = () => new AppError('NOT_FOUND', 'There is no such share.');

/**
 * Makes a share that is to be filled with ciphertext. The same request again is fine: its answer may
 * have been lost.
 * @throws FORBIDDEN when the owner has as many as one may have; SYNC_CONFLICT for a hash in use
 */
export async function createShare(
  ownerId: string,
  { lifetimeS, ...share }: NewShare,
): Promise<void> {
  const opened = await database();
  await opened.transaction(async (tx) => {
    const known = await findForOwner(tx, ownerId, share.idHash);
    if (known) {
      if (isSame(known, ownerId, share)) return;
      throw new AppError('SYNC_CONFLICT', 'There is such a share already.');
    }
    await insertShare(tx, lifetimeS, {
      ...share,
      ownerId,
      audioParts: partCount(share.audioBytes),
    });
  });
}

/** The share with this hash, if there is one; what its owner does with links is done one after the other. */
export async function findForOwner(
  tx: Tx,
  ownerId: string,
  idHash: string,
): Promise<ShareRow | null> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('update');
  const [known] = await tx.select().from(shares).where(eq(shares.idHash, idHash));
  return known ?? null;
}

/**
 * Adds a share whose owner is locked, so that the limit holds.
 * @throws FORBIDDEN when the owner has as many as one may have
 */
export async function insertShare(
  tx: Tx,
  lifetimeS: number,
  share: Omit<typeof shares.$inferInsert, 'expiresAt'>,
): Promise<void> {
  const count = await tx.$count(shares, and(eq(shares.ownerId, share.ownerId), isAlive));
  if (count >= MAX_SHARES)
    throw new AppError('FORBIDDEN', `There are ${MAX_SHARES} links already: revoke some first.`);
  await tx
    .insert(shares)
    .values({ ...share, expiresAt: sql`now() + make_interval(secs => ${lifetimeS}::int)` });
}

function isSame(row: ShareRow, ownerId: string, share: Omit<NewShare, 'lifetimeS'>): boolean {
  return (
    row.ownerId === ownerId &&
    row.completedAt === null &&
    row.revokedAt === null &&
    row.authHash === share.authHash &&
    row.documentBytes === share.documentBytes &&
    row.audioBytes === share.audioBytes
  );
}

/** The owner's links that can be opened or have just ended, newest first. */
export async function listShares(ownerId: string, transcriptId?: string): Promise<ShareFacts[]> {
  const { db } = await database();
  const rows = await db
    .select({ share: shares, isExpired: sql<boolean>`${shares.expiresAt} <= now()` })
    .from(shares)
    .where(
      and(
        eq(shares.ownerId, ownerId),
        isNull(shares.revokedAt),
        isNotNull(shares.completedAt),
        transcriptId === undefined ? undefined : eq(shares.transcriptId, transcriptId),
      ),
    )
    .orderBy(desc(shares.createdAt));
  return rows.map(({ share, isExpired }) => ({
    idHash: share.idHash,
    kind: share.kind,
    transcriptId: share.transcriptId,
    hasPassword: share.hasPassword,
    audioBytes: share.audioBytes,
    createdAt: share.createdAt.toISOString(),
    expiresAt: share.expiresAt.toISOString(),
    isExpired,
    opens: share.opens,
    lastOpenedAt: share.lastOpenedAt?.toISOString() ?? null,
  }));
}

/** The owner's share while it is being filled. @throws NOT_FOUND */
async function unfinished(ownerId: string, idHash: string): Promise<ShareRow> {
  const { db } = await database();
  const [row] = await db
    .select()
    .from(shares)
    .where(
      and(
        eq(shares.idHash, idHash),
        eq(shares.ownerId, ownerId),
        isNull(shares.completedAt),
        isAlive,
      ),
    );
  if (!row) throw notFound();
  return row;
}

/** Reads a body of at most this many bytes. */
type ReadBytes = (maxBytes: number) => Promise<Uint8Array>;

/**
 * Takes the sealed document, or a part of the sealed audio. The same again writes over it.
 * @param part `null`: the document
 * @throws NOT_FOUND, BAD_REQUEST for another size than was said, TOO_LARGE, SERVER_BUSY
 */
export async function putCiphertext(
  ownerId: string,
  idHash: string,
  part: number | null,
  read: ReadBytes,
  signal: AbortSignal,
): Promise<void> {
  const row = await unfinished(ownerId, idHash);
  const size = part === null ? row.documentBytes : partSize(row.audioBytes, part);
  if (size === 0) throw new AppError('BAD_REQUEST', 'This share has no such part.');
  const bytes = await read(size);
  if (bytes.length !== size)
    throw new AppError('BAD_REQUEST', `${bytes.length} bytes came where ${size} belong.`);
  const key = part === null ? documentKey(idHash) : partKey(idHash, part);
  await objectStore().put(key, bytes, { mediaType: 'application/octet-stream', signal });
  // revoked meanwhile: its ciphertext was removed before this came. One that was completed keeps it:
  // the same part may have come twice
  const { db } = await database();
  if ((await db.$count(shares, and(eq(shares.idHash, idHash), isAlive))) > 0) return;
  await deleteObjects([key], signal);
  throw notFound();
}

/**
 * Lets a share be opened from now on. The same request again is fine.
 * @throws NOT_FOUND; BAD_REQUEST while ciphertext is missing
 */
export async function completeShare(
  ownerId: string,
  idHash: string,
  signal: AbortSignal,
): Promise<void> {
  const { db } = await database();
  const mine = and(eq(shares.idHash, idHash), eq(shares.ownerId, ownerId), isAlive);
  const [row] = await db.select().from(shares).where(mine);
  if (!row) throw notFound();
  if (row.completedAt !== null) return;
  const there = new Set<string>();
  for await (const { key } of objectStore().list(sharePrefix(idHash), { signal })) there.add(key);
  // each is as large as it must be, or it was not taken
  const missing = objectsOf(row).filter((key) => !there.has(key)).length;
  if (missing > 0)
    throw new AppError('BAD_REQUEST', `${missing} parts of this share were not uploaded.`);
  const completed = await db
    .update(shares)
    .set({ completedAt: sql`now()` })
    .where(mine)
    .returning({ idHash: shares.idHash });
  if (completed.length === 0) throw notFound();
}

/**
 * Ends a share for good: it cannot be opened from now on, and its ciphertext is removed. Where the
 * store cannot do that now, the sweep does it later.
 * @throws NOT_FOUND
 */
export async function revokeShare(
  ownerId: string,
  idHash: string,
  signal: AbortSignal,
): Promise<void> {
  const { db } = await database();
  const [row] = await db
    .update(shares)
    .set({ revokedAt: sql`coalesce(${shares.revokedAt}, now())` })
    .where(and(eq(shares.idHash, idHash), eq(shares.ownerId, ownerId)))
    .returning();
  if (!row) throw notFound();
  notifyFollowers(idHash);
  try {
    await removeShare(row, AbortSignal.any([signal, AbortSignal.timeout(REMOVE_WITHIN_MS)]));
  } catch (error) {
    const { code } = toAppError(error);
    log('warn', 'shares.not_removed_yet', { share: shortName(idHash), code });
  }
}

/** Removes a share's ciphertext, then the share: while a piece is there, it is known whose it is. */
export async function removeShare(row: ShareRow, signal: AbortSignal): Promise<void> {
  await deleteObjects(objectsOf(row), signal);
  const { db } = await database();
  await db.delete(shares).where(eq(shares.idHash, row.idHash));
}
