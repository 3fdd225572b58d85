import 'server-only';
import { and, asc, eq, gte, inArray } from 'drizzle-orm';
import type { LiveFrame } from '@/lib/contracts';
import { database, liveFrames, liveStreams, shares } from '@/lib/server/db';
import { isAlive } from './share-row';

/** Frames that are read at a time: a megabyte at most. */
const PAGE_FRAMES = 64;

/** A piece of live text, as followers get it. */
export interface LivePage {
  frames: LiveFrame[];
  /** `waiting`: more may come; `ended`: these are the last, or there are none; `gone`: revoked or expired. */
  state: 'waiting' | 'ended' | 'gone';
}

/** Frames from number `from` on, as many as a page holds. */
export async function readPage(idHash: string, from: number): Promise<LivePage> {
  const { db } = await database();
  const [stream] = await db
    .select({ nextFrame: liveStreams.nextFrame, endedAt: liveStreams.endedAt })
    .from(liveStreams)
    .innerJoin(shares, eq(shares.idHash, liveStreams.idHash))
    .where(and(eq(liveStreams.idHash, idHash), isAlive));
  if (!stream) return { frames: [], state: 'gone' };
  const state = stream.endedAt === null ? 'waiting' : 'ended';
  if (stream.nextFrame <= from) return { frames: [], state };
  const frames = await db
    .select({ n: liveFrames.n, isLast: liveFrames.isLast, payload: liveFrames.payload })
    .from(liveFrames)
    .where(and(eq(liveFrames.idHash, idHash), gte(liveFrames.n, from)))
    .orderBy(asc(liveFrames.n))
    .limit(PAGE_FRAMES);
  return { frames, state: frames.at(-1)?.isLast ? 'ended' : 'waiting' };
}

/** How far live text behind these links has come: the number of the next frame. Ended links are left out. */
export async function readProgress(idHashes: readonly string[]): Promise<Map<string, number>> {
  const { db } = await database();
  const rows = await db
    .select({ idHash: liveStreams.idHash, nextFrame: liveStreams.nextFrame })
    .from(liveStreams)
    .innerJoin(shares, eq(shares.idHash, liveStreams.idHash))
    .where(and(inArray(liveStreams.idHash, [...idHashes]), isAlive));
  return new Map(rows.map(({ idHash, nextFrame }) => [idHash, nextFrame]));
}
