import 'server-only';
import { and, asc, count, eq, inArray, lt, or, sql } from 'drizzle-orm';
import type { LeasedJob, WorkFailure } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import { database, type Tx, workBatches, workers, workJobs } from '@/lib/server/db';
import type { TranscriptSegment } from '@/lib/transcript';
import { keyOf, noJob } from './inbox';

type Job = typeof workJobs.$inferSelect;

/** Most leases in a row without progress: a job that kills each of its workers is not retried for ever. */
const MAX_ATTEMPTS = 5;
/** Delay before a retry, doubled each time. */
const RETRY_MS = 5_000;

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
          ...(row.lastError === null && {
            lastErrorCode: 'WORKER_CRASHED',
            lastError: 'Every worker that took this recording ended over it.',
          }),
        })
        .where(eq(workJobs.id, row.id));
    }
  });
}

async function lease(tx: Tx, row: Job, workerId: string, leaseMs: number): Promise<LeasedJob> {
  const leaseId = newId();
  // a text is sealed to one key throughout: it is chosen before the first batch
  const sealedTo = row.progress === null ? await keyOf(tx, row.ownerId) : row.sealedTo;
  await tx
    .update(workJobs)
    .set({
      state: 'leased',
      sealedTo,
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
    sealTo: sealedTo,
  };
}

/** Takes back a lease that never reached its worker. */
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
): Promise<Pick<Job, 'sealedTo'>> {
  const [changed] = await tx
    .update(workJobs)
    .set(set)
    .where(and(eq(workJobs.id, id), eq(workJobs.leaseId, leaseId), eq(workJobs.state, 'leased')))
    .returning({ sealedTo: workJobs.sealedTo });
  if (!changed) throw lostLease();
  return changed;
}

/** @throws SYNC_CONFLICT */
export async function extendLease(id: string, leaseId: string, leaseMs: number): Promise<void> {
  const { db } = await database();
  await change(db, id, leaseId, { leaseUntil: afterMs(leaseMs) });
}

/**
 * Stores a batch and the progress with it, in one transaction.
 * @throws SYNC_CONFLICT; BAD_REQUEST: it is plain but must be sealed, or the other way round
 */
export async function storeBatch(
  id: string,
  leaseId: string,
  leaseMs: number,
  batch: { ordinal: number; segments: TranscriptSegment[] | string; progress: string },
): Promise<void> {
  const { ordinal, segments, progress } = batch;
  const { transaction } = await database();
  await transaction(async (tx) => {
    // progress was made, so attempts are counted from here
    const set = { progress, attempts: 1, leaseUntil: afterMs(leaseMs) };
    const { sealedTo } = await change(tx, id, leaseId, set);
    if ((sealedTo !== null) !== (typeof segments === 'string'))
      throw new AppError(
        'BAD_REQUEST',
        'Segments are sealed where the job says so, and only there.',
      );
    // the answer to an earlier request may have been lost
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
    ...{
      state: 'done',
      result,
      lastErrorCode: null,
      lastError: null,
      leaseId: null,
      progress: null,
    },
    endedAt: sql`now()`,
  });
}

/** @returns in how many ms it is tried again; `null`: it has failed @throws SYNC_CONFLICT */
export async function failJob(
  id: string,
  leaseId: string,
  { code, message }: WorkFailure,
  isFinal: boolean,
): Promise<number | null> {
  const { transaction } = await database();
  return transaction(async (tx) => {
    const [row] = await tx.select().from(workJobs).where(eq(workJobs.id, id)).for('update');
    const attempts = row?.attempts ?? 0;
    const retryInMs = isFinal || attempts >= MAX_ATTEMPTS ? null : RETRY_MS * 2 ** (attempts - 1);
    await change(tx, id, leaseId, {
      lastErrorCode: code,
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
    .set({
      state: 'waiting',
      attempts: 0,
      availableAt: sql`now()`,
      endedAt: null,
      lastErrorCode: null,
      lastError: null,
    })
    .where(and(eq(workJobs.id, id), inArray(workJobs.state, ['failed', 'dropped'])))
    .returning({ id: workJobs.id });
  if (changed.length === 0) throw noJob();
}

/**
 * Gives up a job that has not ended, and erases its text so far, which nobody could remove later. If it is retried,
 * it starts from the beginning. A worker that holds it finds out with its next call.
 */
export async function dropJob(id: string): Promise<void> {
  const { transaction } = await database();
  await transaction(async (tx) => {
    const changed = await tx
      .update(workJobs)
      .set({ state: 'dropped', leaseId: null, progress: null, endedAt: sql`now()` })
      .where(and(eq(workJobs.id, id), inArray(workJobs.state, ['waiting', 'leased', 'failed'])))
      .returning({ id: workJobs.id });
    if (changed.length === 0) throw noJob();
    await tx.delete(workBatches).where(eq(workBatches.jobId, id));
  });
}

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
