import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { LIVE_LIMITS, type LiveFrame, type NewLive } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { database, liveFrames, liveStreams, shares } from '@/lib/server/db';
import { notifyFollowers } from './live-followers';
import { isAlive, type ShareRow } from './share-objects';
import { findForOwner, insertShare } from './shares';

/**
 * Makes a link to live text, which can be followed at once. The same request again is fine.
 * @throws FORBIDDEN when the owner has as many links as one may have; SYNC_CONFLICT for a hash in use
 */
export async function createLive(ownerId: string, { lifetimeS, ...live }: NewLive): Promise<void> {
  const opened = await database();
  await opened.transaction(async (tx) => {
    const known = await findForOwner(tx, ownerId, live.idHash);
    if (known) {
      if (isSame(known, ownerId, live)) return;
      throw new AppError('SYNC_CONFLICT', 'There is such a share already.');
    }
    await insertShare(tx, lifetimeS, {
      ...live,
      ownerId,
      kind: 'live',
      documentBytes: 0,
      audioBytes: 0,
      audioParts: 0,
      completedAt: new Date(),
    });
    await tx.insert(liveStreams).values({ idHash: live.idHash });
  });
}

function isSame(row: ShareRow, ownerId: string, live: Omit<NewLive, 'lifetimeS'>): boolean {
  return (
    row.kind === 'live' &&
    row.ownerId === ownerId &&
    row.revokedAt === null &&
    row.authHash === live.authHash
  );
}

/**
 * Takes the next frame. The same frame again is fine: the answer to it may have been lost.
 * @throws NOT_FOUND; SYNC_CONFLICT for another frame than the next one; TOO_LARGE when all are too much
 */
export async function appendFrame(
  ownerId: string,
  idHash: string,
  { n, isLast, payload }: LiveFrame,
): Promise<void> {
  const opened = await database();
  const isNew = await opened.transaction(async (tx) => {
    const [stream] = await tx
      .select({ live: liveStreams })
      .from(liveStreams)
      .innerJoin(shares, eq(shares.idHash, liveStreams.idHash))
      .where(and(eq(liveStreams.idHash, idHash), eq(shares.ownerId, ownerId), isAlive))
      .for('update', { of: liveStreams });
    if (!stream) throw new AppError('NOT_FOUND', 'There is no such share.');
    const { nextFrame, sizeBytes, endedAt } = stream.live;
    if (n < nextFrame) {
      const [known] = await tx
        .select()
        .from(liveFrames)
        .where(and(eq(liveFrames.idHash, idHash), eq(liveFrames.n, n)));
      if (known?.payload === payload && known.isLast === isLast) return false;
    }
    if (n !== nextFrame || endedAt !== null)
      throw new AppError('SYNC_CONFLICT', `Frame ${n} does not follow.`);
    if (sizeBytes + payload.length > LIVE_LIMITS.totalLetters)
      throw new AppError('TOO_LARGE', 'This link has as much text as a link may have.');
    await tx.insert(liveFrames).values({ idHash, n, isLast, payload });
    await tx
      .update(liveStreams)
      .set({
        nextFrame: n + 1,
        sizeBytes: sizeBytes + payload.length,
        ...(isLast && { endedAt: sql`now()` }),
      })
      .where(eq(liveStreams.idHash, idHash));
    return true;
  });
  if (isNew) notifyFollowers(idHash);
}
