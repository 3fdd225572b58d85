import 'server-only';
import type { LeasedJob } from '@/lib/contracts';
import { delay, isAbort } from '@/lib/core';

/** While a worker waits, jobs of other instances, and those whose lease is over, are looked for so often. */
const LOOK_MS = 1_000;

/** Jobs wait in the database alone. Those that this process announces are seen at once. */
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
  /** The job that may be taken now, and has waited longest. @param overdueMs for at least this long */
  next(overdueMs: number): Promise<LeasedJob | null>;
  /** This job; else in how many ms it may be worth another try, `null`: never. */
  byId(id: string): Promise<LeasedJob | { retryInMs: number | null }>;
}

/**
 * Where the next job comes from. It may name a job twice or one that is done: the database decides, and a job
 * that it forgets is found there.
 */
export interface JobFeed {
  /** These jobs wait. */
  announce(ids: readonly string[]): Promise<void>;
  /** A job that was leased by `claims`; `null` when none came in time, or the signal fired. */
  take(claims: Claims, waitMs: number, signal: AbortSignal): Promise<LeasedJob | null>;
  /** The worker lives, and has its lease extended. */
  extend(lease: string): void;
  /** The lease is over. @param retryInMs when the job waits again; `null`: it has ended */
  acknowledge(lease: string, retryInMs: number | null): void;
  close(): Promise<void>;
}
