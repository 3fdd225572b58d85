import 'server-only';
import { and, asc, count, getTableColumns, inArray, isNull, min, sql } from 'drizzle-orm';
import type { InboxItem, LeasedJob, WorkFailure, WorkStats } from '@/lib/contracts';
import { database, workers, workJobs } from '@/lib/server/db';
import { processSingleton, serverEnv } from '@/lib/server/process';
import { databaseFeed, type JobFeed } from './feed';
import { itemOf, unremoveJob } from './inbox';
import { jetstreamFeed } from './jetstream-feed';
import * as jobs from './jobs';

type Job = typeof workJobs.$inferSelect;

/** A worker that was not seen for this long counts as gone. */
const WORKER_GONE_S = 120;
const LIST_LIMIT = 500;

/** A job whose worker let its lease run out waits for another one. */
const stateNow = sql<Job['state']>`case
  when ${workJobs.state} = 'leased' and ${workJobs.leaseUntil} < now() then 'waiting'
  else ${workJobs.state} end`;

/** How the work stands. */
export async function workStats(): Promise<WorkStats> {
  const { db } = await database();
  const counts = await db
    .select({ state: stateNow, count: count(), oldest: min(workJobs.createdAt) })
    .from(workJobs)
    .groupBy(stateNow);
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
    .select({ ...getTableColumns(workJobs), state: stateNow })
    .from(workJobs)
    .where(
      and(inArray(workJobs.state, ['waiting', 'leased', 'failed']), isNull(workJobs.removedAt)),
    )
    .orderBy(asc(stateNow), asc(workJobs.createdAt))
    .limit(LIST_LIMIT);
  return { stats: await workStats(), items: rows.map(itemOf) };
}

/** A worker that is silent for this long counts as dead, and another one gets its job. */
const LEASE_MS = 60_000;

/** Jobs, and the workers that take them. */
export class WorkQueue {
  readonly #feed: JobFeed;
  readonly #leaseMs: number;

  constructor(feed: JobFeed, leaseMs = LEASE_MS) {
    this.#feed = feed;
    this.#leaseMs = leaseMs;
  }

  /** Adds jobs; one that is known already is left as it is. @returns how many are new */
  async add(wanted: readonly jobs.NewJob[]): Promise<number> {
    const ids = await jobs.addJobs(wanted);
    if (ids.length > 0) await this.#feed.announce(ids);
    return ids.length;
  }

  /** Leases the next job to a worker, and waits a while for one. */
  async lease(
    worker: { id: string; name: string },
    waitMs: number,
    signal: AbortSignal,
  ): Promise<LeasedJob | null> {
    await jobs.noteWorker(worker.id, worker.name);
    const leaseMs = this.#leaseMs;
    const job = await this.#feed.take(
      {
        next: (overdueMs) => jobs.claimJob(null, worker.id, leaseMs, overdueMs),
        byId: async (id) =>
          (await jobs.claimJob(id, worker.id, leaseMs)) ?? {
            retryInMs: await jobs.claimableInMs(id),
          },
      },
      waitMs,
      signal,
    );
    if (!job || !signal.aborted) return job;
    // the worker went away while it waited
    await jobs.releaseJob(job.id, job.lease);
    this.#feed.acknowledge(job.lease, 0);
    return null;
  }

  /** @throws SYNC_CONFLICT: the lease is over */
  async extend(id: string, lease: string): Promise<void> {
    await jobs.extendLease(id, lease, this.#leaseMs);
    this.#feed.extend(lease);
  }

  /** Stores a batch and the progress with it. @throws SYNC_CONFLICT: the lease is over */
  async storeBatch(
    id: string,
    lease: string,
    batch: Parameters<typeof jobs.storeBatch>[3],
  ): Promise<void> {
    await jobs.storeBatch(id, lease, this.#leaseMs, batch);
    this.#feed.extend(lease);
  }

  /** All of a job is stored. @throws SYNC_CONFLICT: the lease is over */
  async finish(
    id: string,
    lease: string,
    result: Parameters<typeof jobs.finishJob>[2],
  ): Promise<void> {
    await jobs.finishJob(id, lease, result);
    this.#feed.acknowledge(lease, null);
  }

  /** Gives a job back. @param isFinal it would fail again @throws SYNC_CONFLICT: the lease is over */
  async fail(id: string, lease: string, failure: WorkFailure, isFinal: boolean): Promise<void> {
    this.#feed.acknowledge(lease, await jobs.failJob(id, lease, failure, isFinal));
  }

  /** Lets a failed job be tried again. @throws NOT_FOUND */
  async retry(id: string): Promise<void> {
    await jobs.retryJob(id);
    await this.#feed.announce([id]);
  }

  /** Brings back what a user took off their list. @throws NOT_FOUND */
  async restore(userId: string, id: string): Promise<void> {
    if (await unremoveJob(userId, id)) await this.retry(id);
  }

  /** Gives a job up. @throws NOT_FOUND */
  drop(id: string): Promise<void> {
    return jobs.dropJob(id);
  }

  close(): Promise<void> {
    return this.#feed.close();
  }
}

/** The process's queue: NATS JetStream where `QUEUE_URL` is set, else the database. */
export function workQueue(): WorkQueue {
  return processSingleton('work-queue', () => {
    const { queueUrl } = serverEnv();
    return new WorkQueue(queueUrl === null ? databaseFeed() : jetstreamFeed(queueUrl, LEASE_MS));
  });
}
