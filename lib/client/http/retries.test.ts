import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { withRetries } from './server-call';
import { stalled } from './store-transfer';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A step that fails in these ways, then works. */
function failing(...codes: ('OFFLINE' | 'SERVER_BUSY' | 'CONNECTION_SLOW' | 'NOT_FOUND')[]) {
  const step = vi.fn(async () => {
    const code = codes.shift();
    if (code) throw new AppError(code, 'No.');
    return 'done';
  });
  return step;
}

describe('a step of a transfer', () => {
  it('is done again, later and later, while the reason passes', async () => {
    const step = failing('OFFLINE', 'SERVER_BUSY', 'OFFLINE');
    const done = withRetries(step, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1000);
    expect(step).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(11_999);
    expect(step).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(1);
    await expect(done).resolves.toBe('done');
  });

  it('is given up after the fourth time', async () => {
    const step = failing('OFFLINE', 'OFFLINE', 'OFFLINE', 'OFFLINE');
    const done = expect(withRetries(step, new AbortController().signal)).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
    expect(step).toHaveBeenCalledTimes(4);
  });

  it('is not done again when that would not help', async () => {
    const step = failing('NOT_FOUND');
    await expect(withRetries(step, new AbortController().signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(step).toHaveBeenCalledTimes(1);
  });

  it('is done again when it stood still, and not when the line is too slow for it', async () => {
    const stood = vi.fn(() => Promise.reject(stalled('PUT /x')));
    const done = expect(withRetries(stood, new AbortController().signal)).rejects.toMatchObject({
      code: 'CONNECTION_SLOW',
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
    expect(stood).toHaveBeenCalledTimes(4);
    const slow = failing('CONNECTION_SLOW');
    await expect(withRetries(slow, new AbortController().signal)).rejects.toMatchObject({
      code: 'CONNECTION_SLOW',
    });
    expect(slow).toHaveBeenCalledTimes(1);
  });

  it('is not waited for when it is given up', async () => {
    const controller = new AbortController();
    const step = failing('OFFLINE');
    const done = expect(withRetries(step, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    await done;
    expect(step).toHaveBeenCalledTimes(1);
  });
});
