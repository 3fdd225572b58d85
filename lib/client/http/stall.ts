import { AppError, watchForStall } from '@/lib/core';

/** A transfer of which nothing moved for so long is given up, in ms. */
const STALLED_MS = 60_000;

/** Watches a transfer with our server. */
export const watchTransfer = () => watchForStall(STALLED_MS);

/**
 * What a stalled transfer fails with. Our server says itself when it is busy, within seconds: what
 * stands still longer is the line.
 */
export function stalled(what: string): AppError {
  return new AppError('CONNECTION_SLOW', `${what} stood still`, { details: { isStalled: true } });
}
