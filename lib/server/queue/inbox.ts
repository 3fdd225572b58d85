import 'server-only';
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  sql,
} from 'drizzle-orm';
import type { InboxItem, InboxTranscript, OwnInboxItem, WorkFailure } from '@/lib/contracts';
import { AppError, ERROR_CODES } from '@/lib/core';
import { database, inboxes, type Tx, workBatches, workJobs } from '@/lib/server/db';
import type { TranscriptSegment } from '@/lib/transcript';

type Job = typeof workJobs.$inferSelect;

const LIST_LIMIT = 500;
/** What was taken off the list can be brought back for this long. */
const UNDO_S = 3600;

/** Of a job that there is not, or that is somebody else's. */
export const noJob = () => new AppError('NOT_FOUND', 'There is no such recording.');

/** The same for every caller. */
const transcriptIdOf = (id: string) =>
  `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`;

const ownedBy = (userId: string) => or(eq(workJobs.ownerId, userId), isNull(workJobs.ownerId));
const listed = (userId: string) =>
  and(ownedBy(userId), isNull(workJobs.removedAt), sql`${workJobs.state} <> 'dropped'`);

/** A user's jobs and the team's, the newest first, and what the user has chosen. */
export async function ownInbox(
  userId: string,
): Promise<{ items: OwnInboxItem[]; publicKey: string | null }> {
  const { db } = await database();
  const chosen = await db.query.inboxes.findFirst({ where: eq(inboxes.userId, userId) });
  const rows = await db
    .select()
    .from(workJobs)
    .where(listed(userId))
    .orderBy(desc(workJobs.createdAt))
    .limit(LIST_LIMIT);
  const seenMs = chosen?.seenAt?.getTime() ?? 0;
  const items = rows.map((row) => ({
    ...itemOf(row),
    isNew: row.state === 'done' && (row.endedAt?.getTime() ?? 0) > seenMs,
    transcriptId: transcriptIdOf(row.id),
    isTeams: row.ownerId === null,
  }));
  return { items, publicKey: chosen?.publicKey ?? null };
}

/** How many transcripts were finished since the user last saw the inbox. */
export async function countUnread(userId: string): Promise<number> {
  const { db } = await database();
  const [found] = await db
    .select({ count: count() })
    .from(workJobs)
    .leftJoin(inboxes, eq(inboxes.userId, userId))
    .where(
      and(
        listed(userId),
        eq(workJobs.state, 'done'),
        // clients know moments to the millisecond
        or(
          isNull(inboxes.seenAt),
          gt(sql`date_trunc('milliseconds', ${workJobs.endedAt})`, inboxes.seenAt),
        ),
      ),
    );
  return found?.count ?? 0;
}

/** Notes that a user has seen the inbox up to a moment; never one that is to come. */
export async function markSeen(userId: string, until: Date): Promise<void> {
  const { db } = await database();
  const seenAt = sql`least(${until.toISOString()}::timestamptz, now())`;
  await db
    .insert(inboxes)
    .values({ userId, seenAt })
    .onConflictDoUpdate({
      target: inboxes.userId,
      set: { seenAt: sql`greatest(${inboxes.seenAt}, excluded.seen_at)` },
    });
}

/** Sets what later transcripts of a user are sealed to. @param publicKey `null`: they are stored plain */
export async function chooseKey(userId: string, publicKey: string | null): Promise<void> {
  const { db } = await database();
  await db
    .insert(inboxes)
    .values({ userId, publicKey })
    .onConflictDoUpdate({ target: inboxes.userId, set: { publicKey } });
}

/** What transcripts of this owner are sealed to now. */
export async function keyOf(
  tx: Pick<Tx, 'select'>,
  ownerId: string | null,
): Promise<string | null> {
  if (ownerId === null) return null;
  const [found] = await tx
    .select({ publicKey: inboxes.publicKey })
    .from(inboxes)
    .where(eq(inboxes.userId, ownerId));
  return found?.publicKey ?? null;
}

/** @throws NOT_FOUND: there is none, it was removed, or it is somebody else's */
export async function ownJob(userId: string, id: string): Promise<Job> {
  const { db } = await database();
  const [row] = await db
    .select()
    .from(workJobs)
    .where(and(eq(workJobs.id, id), listed(userId)));
  if (!row) throw noJob();
  return row;
}

/** The file of a job, for a user who may have it. @throws NOT_FOUND */
export async function sourceOfJob(id: string): Promise<Job['source']> {
  const { db } = await database();
  const [row] = await db
    .select({ source: workJobs.source })
    .from(workJobs)
    .where(and(eq(workJobs.id, id), isNull(workJobs.removedAt)));
  if (!row) throw noJob();
  return row.source;
}

/** What a worker has made of a recording. @throws NOT_FOUND: it is not done, or not this user's */
export async function readTranscript(userId: string, id: string): Promise<InboxTranscript> {
  const { result, source, name, createdAt, sealedTo } = await ownJob(userId, id);
  if (!result) throw noJob();
  const { db } = await database();
  const batches = await db
    .select({ ordinal: workBatches.ordinal, segments: workBatches.segments })
    .from(workBatches)
    .where(eq(workBatches.jobId, id))
    .orderBy(asc(workBatches.ordinal));
  const { mediaType, ...known } = result;
  const facts = {
    version: 1 as const,
    id: transcriptIdOf(id),
    title: name.replace(/\.[^.]+$/, ''),
    createdAt: createdAt.toISOString(),
    ...known,
    source: { name, mediaType, sizeBytes: source.sizeBytes, sha256: null },
    speakers: [],
  };
  const plain: TranscriptSegment[] = [];
  const sealedBatches: { ordinal: number; sealed: string }[] = [];
  // a batch is stored only in the form that its job asks for
  for (const { ordinal, segments } of batches)
    if (typeof segments === 'string') sealedBatches.push({ ordinal, sealed: segments });
    else plain.push(...segments);
  return sealedTo === null ? { ...facts, segments: plain } : { ...facts, sealedTo, sealedBatches };
}

/**
 * Takes a job off the list; it is not worked on any more. The row stays: the file that it came from must not come
 * in again. @throws NOT_FOUND
 */
export async function removeJob(userId: string, id: string): Promise<void> {
  const { db } = await database();
  const removed = await db
    .update(workJobs)
    .set({
      removedAt: sql`now()`,
      leaseId: null,
      state: sql`case when ${workJobs.state} in ('waiting', 'leased') then 'dropped' else ${workJobs.state} end`,
    })
    .where(and(eq(workJobs.id, id), listed(userId)))
    .returning({ id: workJobs.id });
  if (removed.length === 0) throw noJob();
}

/**
 * Brings a job back that was taken off the list.
 * @returns whether it has to be worked on again
 * @throws NOT_FOUND: it is too late, or there was none
 */
export async function unremoveJob(userId: string, id: string): Promise<boolean> {
  const { db } = await database();
  const [row] = await db
    .update(workJobs)
    .set({ removedAt: null })
    .where(and(eq(workJobs.id, id), ownedBy(userId), isNotNull(workJobs.removedAt)))
    .returning({ state: workJobs.state, result: workJobs.result });
  if (!row) throw noJob();
  return row.state === 'dropped';
}

/** Erases the text of what was removed and can no longer be brought back, and what earlier versions kept of what was given up. */
export async function sweepRemoved(): Promise<void> {
  const { transaction } = await database();
  await transaction(async (tx) => {
    await tx
      .update(workJobs)
      .set({ state: 'dropped', result: null, progress: null, removedAt: null })
      .where(lt(workJobs.removedAt, sql`now() - ${UNDO_S} * interval '1 second'`));
    const dropped = and(eq(workJobs.state, 'dropped'), isNull(workJobs.removedAt));
    await tx
      .update(workJobs)
      .set({ progress: null })
      .where(and(dropped, isNotNull(workJobs.progress)));
    const gone = tx.select({ id: workJobs.id }).from(workJobs).where(dropped);
    await tx.delete(workBatches).where(inArray(workBatches.jobId, gone));
  });
}

/** Rows of earlier versions have no code. */
function failureOf({ lastErrorCode, lastError }: Job): WorkFailure | null {
  if (lastError === null) return null;
  const code = ERROR_CODES.find((one) => one === lastErrorCode) ?? 'UNKNOWN';
  return { code, message: lastError };
}

/** A job as people see it. */
export function itemOf(row: Job): InboxItem {
  return {
    id: row.id,
    name: row.name,
    sizeBytes: row.source.sizeBytes,
    state: row.state,
    error: failureOf(row),
    durationMs: row.result?.durationMs ?? null,
    sealedTo: row.sealedTo,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
