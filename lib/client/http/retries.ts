import { delay, toAppError } from '@/lib/core';

/** Waits between tries, in ms. */
const WAITS_MS = [1000, 3000, 9000] as const;

/** Failures that pass by themselves; a line that is too slow stays so. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY']);

/**
 * Does a step of a transfer again when it failed for a reason that passes: it must be one that may be
 * done twice.
 * @throws what the last try threw; ABORTED
 */
export async function withRetries<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const waitMs of WAITS_MS) {
    try {
      return await step();
    } catch (error) {
      const { code, details } = toAppError(error);
      if (!PASSING.has(code) && details.isStalled !== true) throw error;
      await delay(waitMs, signal);
    }
  }
  return step();
}
