import 'server-only';
import type { LeasedJob, WorkFailure } from '@/lib/contracts';
import { processSingleton, serverEnv } from '@/lib/server/process';
import { databaseFeed } from './database-feed';
import type { JobFeed } from './feed';
import { unremoveJob } from './inbox';
import { jetstreamFeed } from './jetstream-feed';
import * as jobs from './jobs';

/** A worker that says nothing for this long has ended, and another one gets its job. */
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
