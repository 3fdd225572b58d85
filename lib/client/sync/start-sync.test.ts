import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { retryDelayMs, shouldRetry } from './start-sync';

const busy = new AppError('SERVER_BUSY', 'gone');

describe('trying again', () => {
  it('waits longer each time, up to a minute, anywhere below that', () => {
    expect([0, 1, 2, 10].map((failures) => retryDelayMs(failures, busy, 1))).toEqual([
      1_000, 2_000, 4_000, 60_000,
    ]);
    expect(retryDelayMs(3, busy, 0)).toBe(0);
  });

  it('never comes back before the server asked for it', () => {
    const limited = new AppError('RATE_LIMITED', 'slow down', { details: { retryAfterS: 30 } });
    expect(retryDelayMs(0, limited, 0)).toBe(30_000);
    expect(retryDelayMs(0, limited, 1)).toBe(31_000);
  });

  it('ends after some failures, and at once for those that do not pass', () => {
    expect(shouldRetry(0, busy)).toBe(true);
    expect(shouldRetry(6, busy)).toBe(false);
    for (const code of ['UNAUTHENTICATED', 'BAD_REQUEST', 'ABORTED', 'UNKNOWN'] as const)
      expect(shouldRetry(0, new AppError(code, 'no'))).toBe(false);
  });
});
