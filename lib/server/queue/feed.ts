import 'server-only';
import type { LeasedJob } from '@/lib/contracts';
import { delay, isAbort } from '@/lib/core';

/** How often a waiting worker looks for jobs added by other instances, and for expired leases. */
const LOOK_MS = 1_000;

/** A feed without a message queue: jobs wait in the database. Those that this process announces are seen at once. */
export function databaseFeed(): JobFeed {
  const wakers = new Set<() => void>();
  return {
    async announce() {
      for (const wake of wakers) wake();
    },
    async take(claims, waitMs, signal) {
      const endMs = performance.now() + waitMs;
      for (;;) {
        const job = await claims.next(0);
        const leftMs = endMs - performance.now();
        if (job || leftMs <= 0 || signal.aborted) return job;
        const woken = new AbortController();
        const wake = () => woken.abort();
        wakers.add(wake);
        try {
          await delay(Math.min(LOOK_MS, leftMs), AbortSignal.any([signal, woken.signal]));
        } catch (error) {
          if (!isAbort(error)) throw error;
        } finally {
          wakers.delete(wake);
        }
      }
    },
    extend: () => undefined,
    acknowledge: () => undefined,
    close: async () => undefined,
  };
}

/** Tries to lease a job. */
export interface Claims {
  /** The claimable job that has waited longest. @param overdueMs it must have been claimable for at least this long */
  next(overdueMs: number): Promise<LeasedJob | null>;
  /** Leases this job, or says in how many ms to retry; `null`: never. */
  byId(id: string): Promise<LeasedJob | { retryInMs: number | null }>;
}

/**
 * Where the next job comes from. It may name a job twice, or one that is done: the database decides. Jobs that it
 * loses are found in the database.
 */
export interface JobFeed {
  /** Announces that these jobs are waiting. */
  announce(ids: readonly string[]): Promise<void>;
  /** Waits for a job and leases it through `claims`; `null` when none came in time, or the signal fired. */
  take(claims: Claims, waitMs: number, signal: AbortSignal): Promise<LeasedJob | null>;
  /** The worker is alive, and its lease was extended. */
  extend(lease: string): void;
  /** The lease is over. @param retryInMs when the job may be taken again; `null`: it has ended */
  acknowledge(lease: string, retryInMs: number | null): void;
  close(): Promise<void>;
}
