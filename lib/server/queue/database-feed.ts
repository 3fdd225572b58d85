import 'server-only';
import { delay, isAbort } from '@/lib/core';
import type { JobFeed } from './feed';

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
