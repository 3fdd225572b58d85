import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs, type RetryOptions, retry } from './retry';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const options: RetryOptions = {
  attempts: 3,
  delayMs: (failures) => failures * 100,
  isRetryable: () => true,
};

/** Work that fails so often, then gives how often it was called. */
function failing(times: number) {
  const work = vi.fn(async () => {
    if (work.mock.calls.length <= times) throw new Error(`failure ${work.mock.calls.length}`);
    return work.mock.calls.length;
  });
  return work;
}

describe('retry', () => {
  it('waits as long as it is asked to after each failure', async () => {
    const work = failing(2);
    const done = retry(work, options);
    await vi.advanceTimersByTimeAsync(99);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1 + 199);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    await expect(done).resolves.toBe(3);
  });

  it('throws what the last try threw', async () => {
    const work = failing(9);
    const done = expect(retry(work, options)).rejects.toThrow('failure 3');
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('does not try again where that would not help', async () => {
    const work = failing(9);
    await expect(retry(work, { ...options, isRetryable: () => false })).rejects.toThrow(
      'failure 1',
    );
  });

  it('starts counting failures again after a try that made progress', async () => {
    const work = failing(5);
    const waits: number[] = [];
    const done = retry(work, {
      ...options,
      delayMs: (failures) => waits.push(failures),
      // the third and the fifth did
      hasProgressed: () => [3, 5].includes(work.mock.calls.length),
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(done).resolves.toBe(6);
    expect(waits).toEqual([1, 2, 1, 2, 1]);
  });

  it('ends at once when it is aborted, also while it waits', async () => {
    const abort = new AbortController();
    const work = failing(9);
    const done = expect(retry(work, { ...options, signal: abort.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await vi.advanceTimersByTimeAsync(10);
    abort.abort();
    await done;
    await expect(retry(work, { ...options, signal: abort.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe('backoffMs', () => {
  it('grows up to the longest wait', () => {
    const waits = (factor?: number) =>
      [1, 2, 3, 4, 9].map((failures) =>
        backoffMs(failures, { firstMs: 500, maxMs: 5000, ...(factor && { factor }) }),
      );
    expect(waits()).toEqual([500, 1000, 2000, 4000, 5000]);
    expect(waits(3)).toEqual([500, 1500, 4500, 5000, 5000]);
  });
});
