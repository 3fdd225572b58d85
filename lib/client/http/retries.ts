import { backoffMs, retry, toAppError } from '@/lib/core';

const ATTEMPTS = 4;
const BACKOFF = { firstMs: 1000, factor: 3, maxMs: 9000 } as const;

/** Failures that pass by themselves; a line that is too slow stays so. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY']);

/**
 * Does a step of a transfer again when it failed for a reason that passes: it must be one that may be
 * done twice.
 * @throws what the last try threw; ABORTED
 */
export function withRetries<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return retry(step, {
    attempts: ATTEMPTS,
    delayMs: (failures) => backoffMs(failures, BACKOFF),
    isRetryable: (error) => {
      const { code, details } = toAppError(error);
      return PASSING.has(code) || details.isStalled === true;
    },
    signal,
  });
}
