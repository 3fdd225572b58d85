import { delay, throwIfAborted } from './abort';

/** How often something is tried again, when, and after which failures. */
export interface RetryOptions {
  /** Tries in all, the first included. */
  attempts: number;
  /**
   * The wait before the next try, in ms.
   * @param failures in a row so far, at least 1
   */
  delayMs: (failures: number, error: unknown) => number;
  /** Whether trying again may help. */
  isRetryable: (error: unknown) => boolean;
  /** Asked after each failure: a try that made progress starts the count of failures again. */
  hasProgressed?: () => boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Runs idempotent work, and again after failures that may pass.
 * @throws what the last try threw; ABORTED, also while it waits
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, delayMs, isRetryable, hasProgressed, signal } = options;
  let failures = 0;
  for (;;) {
    throwIfAborted(signal);
    try {
      return await work();
    } catch (error) {
      failures = hasProgressed?.() ? 1 : failures + 1;
      if (failures >= attempts || !isRetryable(error)) throw error;
      await delay(delayMs(failures, error), signal);
    }
  }
}

/** Waits that grow: the first, and each a multiple of the one before, up to the longest. */
export interface Backoff {
  firstMs: number;
  maxMs: number;
  /** 2 unless given. */
  factor?: number;
}

/** The wait after this many failures, at least 1, in ms. */
export function backoffMs(failures: number, { firstMs, maxMs, factor = 2 }: Backoff): number {
  return Math.min(maxMs, firstMs * factor ** (failures - 1));
}
