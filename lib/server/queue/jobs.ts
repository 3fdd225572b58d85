import 'server-only';
import { and, asc, count, desc, eq, inArray, isNull, lt, min, or, sql } from 'drizzle-orm';
import type { InboxItem, LeasedJob, WorkStats } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { database, type Tx, workBatches, workers, workJobs } from '@/lib/server/db';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';

type Job = typeof workJobs.$inferSelect;

/** Leases in a row without any progress: what ends each of its workers is not tried for ever. */
const MAX_ATTEMPTS = 5;
/** Waits before another try, doubled with each. */
const RETRY_MS = 5_000;
/** A worker that was not seen for so long has ended. */
const WORKER_GONE_S = 120;
const LIST_LIMIT = 500;

/** A recording to be transcribed. */
export type NewJob = Pick<Job, 'id' | 'ownerId' | 'name' | 'source'>;

const afterMs = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`;
const lostLease = () => new AppError('SYNC_CONFLICT', 'This lease is over.');

/** Adds jobs that are not known yet. @returns the ids of those */
export async function addJobs(jobs: readonly NewJob[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const { db } = await database();
  const added = await db
    .insert(workJobs)
    .values([...jobs])
    .onConflictDoNothing()
    .returning({ id: workJobs.id });
  return added.map(({ id }) => id);
}

/** Notes that a worker lives. */
export async function noteWorker(id: string, name: string): Promise<void> {
  const { db } = await database();
  const seen = { name, lastSeenAt: sql`now()` };
  await db
    .insert(workers)
    .values({ id, ...seen })
    .onConflictDoUpdate({ target: workers.id, set: seen });
}

const claimable = (overdueMs: number) => {
  const due = sql`now() - ${overdueMs} * interval '1 millisecond'`;
  return or(
    and(eq(workJobs.state, 'waiting'), lt(workJobs.availableAt, due)),
    and(eq(workJobs.state, 'leased'), lt(workJobs.leaseUntil, due)),
  );
};

/**
 * Leases a job that may be taken. Times are the database's own.
 * @param id of one; `null`: the one that has waited longest
 */
export async function claimJob(
  id: string | null,
  workerId: string,
  leaseMs: number,
  overdueMs = 0,
): Promise<LeasedJob | null> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    for (;;) {
      const [row] = await tx
        .select()
        .from(workJobs)
        .where(and(id === null ? undefined : eq(workJobs.id, id), claimable(overdueMs)))
        .orderBy(asc(workJobs.availableAt), asc(workJobs.id))
        .limit(1)
        .for('update', { skipLocked: true });
      if (!row) return null;
      if (row.attempts < MAX_ATTEMPTS) return lease(tx, row, workerId, leaseMs);
      await tx
        .update(workJobs)
        .set({
          state: 'failed',
          leaseId: null,
          endedAt: sql`now()`,
          lastError: row.lastError ?? 'Every worker that took this recording ended over it.',
        })
        .where(eq(workJobs.id, row.id));
    }
  });
}

async function lease(tx: Tx, row: Job, workerId: string, leaseMs: number): Promise<LeasedJob> {
  const leaseId = newId();
  await tx
    .update(workJobs)
    .set({
      state: 'leased',
      attempts: row.attempts + 1,
      leaseId,
      workerId,
      leaseUntil: afterMs(leaseMs),
    })
    .where(eq(workJobs.id, row.id));
  const [stored] = await tx
    .select({ count: count() })
    .from(workBatches)
    .where(eq(workBatches.jobId, row.id));
  return {
    id: row.id,
    name: row.name,
    sizeBytes: row.source.sizeBytes,
    lease: leaseId,
    leaseMs,
    progress: row.progress,
    batches: stored?.count ?? 0,
  };
}

/** Takes back a lease that its worker cannot have learnt of. */
export async function releaseJob(id: string, leaseId: string): Promise<void> {
  const { db } = await database();
  await change(db, id, leaseId, {
    ...{ state: 'waiting', leaseId: null, availableAt: sql`now()` },
    attempts: sql`${workJobs.attempts} - 1`,
  });
}

/** In how many ms a job may be claimable; `null`: it has ended, or is not known. */
export async function claimableInMs(id: string): Promise<number | null> {
  const { db } = await database();
  const [row] = await db
    .select({
      state: workJobs.state,
      inMs: sql<number>`extract(epoch from coalesce(
        case when ${workJobs.state} = 'leased' then ${workJobs.leaseUntil} end,
        ${workJobs.availableAt}) - now()) * 1000`,
    })
    .from(workJobs)
    .where(eq(workJobs.id, id));
  if (row?.state !== 'waiting' && row?.state !== 'leased') return null;
  return Math.max(50, Math.ceil(Number(row.inMs)));
}

/** Changes a job that this lease holds. @throws SYNC_CONFLICT: the lease is over */
async function change(
  tx: Pick<Tx, 'update'>,
  id: string,
  leaseId: string,
  set: Parameters<ReturnType<Tx['update']>['set']>[0],
): Promise<void> {
  const changed = await tx
    .update(workJobs)
    .set(set)
    .where(and(eq(workJobs.id, id), eq(workJobs.leaseId, leaseId), eq(workJobs.state, 'leased')))
    .returning({ id: workJobs.id });
  if (changed.length === 0) throw lostLease();
}

/** @throws SYNC_CONFLICT */
export async function extendLease(id: string, leaseId: string, leaseMs: number): Promise<void> {
  const { db } = await database();
  await change(db, id, leaseId, { leaseUntil: afterMs(leaseMs) });
}

/** Stores a batch and the progress with it, in one transaction. @throws SYNC_CONFLICT */
export async function storeBatch(
  id: string,
  leaseId: string,
  leaseMs: number,
  batch: { ordinal: number; segments: TranscriptSegment[]; progress: string },
): Promise<void> {
  const { ordinal, segments, progress } = batch;
  const { transaction } = await database();
  await transaction(async (tx) => {
    // there was progress: whatever ends workers later is counted from here
    await change(tx, id, leaseId, { progress, attempts: 1, leaseUntil: afterMs(leaseMs) });
    // the answer to the first try may have been lost
    await tx
      .insert(workBatches)
      .values({ jobId: id, ordinal, segments })
      .onConflictDoUpdate({
        target: [workBatches.jobId, workBatches.ordinal],
        set: { segments },
      });
  });
}

/** @throws SYNC_CONFLICT */
export async function finishJob(
  id: string,
  leaseId: string,
  result: NonNullable<Job['result']>,
): Promise<void> {
  const { db } = await database();
  await change(db, id, leaseId, {
    ...{ state: 'done', result, lastError: null, leaseId: null, progress: null },
    endedAt: sql`now()`,
  });
}

/** @returns in how many ms it is tried again; `null`: it has failed @throws SYNC_CONFLICT */
export async function failJob(
  id: string,
  leaseId: string,
  message: string,
  isFinal: boolean,
): Promise<number | null> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const [row] = await tx.select().from(workJobs).where(eq(workJobs.id, id)).for('update');
    const attempts = row?.attempts ?? 0;
    const retryInMs = isFinal || attempts >= MAX_ATTEMPTS ? null : RETRY_MS * 2 ** (attempts - 1);
    await change(tx, id, leaseId, {
      lastError: message,
      leaseId: null,
      ...(retryInMs === null
        ? { state: 'failed', endedAt: sql`now()` }
        : { state: 'waiting', availableAt: afterMs(retryInMs) }),
    });
    return retryInMs;
  });
}

/** Puts a failed job back among those that wait. @throws NOT_FOUND: there is none that has failed */
export async function retryJob(id: string): Promise<void> {
  const { db } = await database();
  const changed = await db
    .update(workJobs)
    .set({ state: 'waiting', attempts: 0, availableAt: sql`now()`, endedAt: null, lastError: null })
    .where(and(eq(workJobs.id, id), inArray(workJobs.state, ['failed', 'dropped'])))
    .returning({ id: workJobs.id });
  if (changed.length === 0) throw noJob();
}

/** Gives a job up that has not ended. A worker that has it learns of it with its next call. */
export async function dropJob(id: string): Promise<void> {
  const { db } = await database();
  const changed = await db
    .update(workJobs)
    .set({ state: 'dropped', leaseId: null, endedAt: sql`now()` })
    .where(and(eq(workJobs.id, id), inArray(workJobs.state, ['waiting', 'leased', 'failed'])))
    .returning({ id: workJobs.id });
  if (changed.length === 0) throw noJob();
}

const noJob = () => new AppError('NOT_FOUND', 'There is no such recording.');

/** The source of a job that this lease holds. @throws SYNC_CONFLICT */
export async function sourceOf(id: string, leaseId: string): Promise<Job['source']> {
  const { db } = await database();
  const [row] = await db
    .select({ source: workJobs.source })
    .from(workJobs)
    .where(and(eq(workJobs.id, id), eq(workJobs.leaseId, leaseId)));
  if (!row) throw lostLease();
  return row.source;
}

const ownedBy = (userId: string) => or(eq(workJobs.ownerId, userId), isNull(workJobs.ownerId));

/** A user's jobs and the team's, the newest first. */
export async function ownJobs(userId: string): Promise<InboxItem[]> {
  const { db } = await database();
  const rows = await db
    .select()
    .from(workJobs)
    .where(and(ownedBy(userId), sql`${workJobs.state} <> 'dropped'`))
    .orderBy(desc(workJobs.createdAt))
    .limit(LIST_LIMIT);
  return rows.map(itemOf);
}

/** @throws NOT_FOUND: there is none, or it is somebody else's */
export async function ownJob(userId: string, id: string): Promise<Job> {
  const { db } = await database();
  const [row] = await db
    .select()
    .from(workJobs)
    .where(and(eq(workJobs.id, id), ownedBy(userId)));
  if (!row) throw noJob();
  return row;
}

/** What a worker has made of a recording. @throws NOT_FOUND: it is not done, or not this user's */
export async function readTranscript(userId: string, id: string): Promise<Transcript> {
  const { result, source, name, createdAt } = await ownJob(userId, id);
  if (!result) throw noJob();
  const { db } = await database();
  const batches = await db
    .select({ segments: workBatches.segments })
    .from(workBatches)
    .where(eq(workBatches.jobId, id))
    .orderBy(asc(workBatches.ordinal));
  const { mediaType, ...known } = result;
  return {
    version: 1,
    // the same for everyone who asks
    id: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    title: name.replace(/\.[^.]+$/, ''),
    createdAt: createdAt.toISOString(),
    ...known,
    source: { name, mediaType, sizeBytes: source.sizeBytes, sha256: null },
    speakers: [],
    segments: batches.flatMap(({ segments }) => segments),
  };
}

/**
 * Takes a job off the lists, with its transcript. The row stays: the file that it came from must not come in
 * again.
 */
export async function removeJob(userId: string, id: string): Promise<void> {
  await ownJob(userId, id);
  const { transaction } = await database();
  await transaction(async (tx) => {
    await tx
      .update(workJobs)
      .set({ state: 'dropped', leaseId: null, result: null, progress: null, endedAt: sql`now()` })
      .where(eq(workJobs.id, id));
    await tx.delete(workBatches).where(eq(workBatches.jobId, id));
  });
}

function itemOf(row: Job): InboxItem {
  return {
    id: row.id,
    name: row.name,
    sizeBytes: row.source.sizeBytes,
    state: row.state,
    error: row.lastError,
    durationMs: row.result?.durationMs ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** How the work stands. */
export async function workStats(): Promise<WorkStats> {
  const { db } = await database();
  const counts = await db
    .select({ state: workJobs.state, count: count(), oldest: min(workJobs.createdAt) })
    .from(workJobs)
    .groupBy(workJobs.state);
  const alive = await db
    .select()
    .from(workers)
    .where(sql`${workers.lastSeenAt} > now() - ${WORKER_GONE_S} * interval '1 second'`)
    .orderBy(asc(workers.name));
  const of = (state: Job['state']) => counts.find((one) => one.state === state);
  const oldest = of('waiting')?.oldest;
  return {
    waiting: of('waiting')?.count ?? 0,
    leased: of('leased')?.count ?? 0,
    failed: of('failed')?.count ?? 0,
    done: of('done')?.count ?? 0,
    oldestWaitingS: oldest ? Math.max(0, Math.round((Date.now() - oldest.getTime()) / 1000)) : null,
    workers: alive.map((one) => ({ ...one, lastSeenAt: one.lastSeenAt.toISOString() })),
  };
}

/** For the owner: how the work stands, and the jobs that have not ended well. */
export async function workOverview(): Promise<{ stats: WorkStats; items: InboxItem[] }> {
  const { db } = await database();
  const rows = await db
    .select()
    .from(workJobs)
    .where(inArray(workJobs.state, ['waiting', 'leased', 'failed']))
    .orderBy(asc(workJobs.state), asc(workJobs.createdAt))
    .limit(LIST_LIMIT);
  return { stats: await workStats(), items: rows.map(itemOf) };
}
