import { backoffMs, type ErrorCode, isAppError, toAppError } from '@/lib/core';

/** Failures that pass by themselves. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set([
  'OFFLINE',
  'CONNECTION_SLOW',
  'SERVER_BUSY',
  'RATE_LIMITED',
]);

/** How often one thing is tried again before it waits for the next occasion. */
const MAX_RETRIES = 6;

const BACKOFF = { firstMs: 1_000, maxMs: 60_000 } as const;

/** Whether to try again now. @param failures how often it failed before this time */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < MAX_RETRIES && TRANSIENT.has(toAppError(error).code);
}

/**
 * How long to wait before the next try, in ms: longer each time, at random so that devices which
 * lost the server together do not all come back together, and never sooner than the server asked.
 * @param random 0 to 1
 */
export function retryDelayMs(failures: number, error: unknown, random = Math.random()): number {
  const longest = backoffMs(failures + 1, BACKOFF);
  const asked = isAppError(error) ? Number(error.details.retryAfterS ?? 0) * 1_000 : 0;
  return asked + longest * random;
}
