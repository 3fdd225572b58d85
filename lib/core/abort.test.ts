import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchForStall, withTimeout } from './abort';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const late = () => new Error('late');

describe('withTimeout', () => {
  it('gives what the work gives, or fails as it fails, and leaves no timer behind', async () => {
    await expect(withTimeout(Promise.resolve(1), 100, late)).resolves.toBe(1);
    await expect(withTimeout(Promise.reject(new Error('own')), 100, late)).rejects.toThrow('own');
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when the work takes too long, whether or not that ever ends', async () => {
    const ended = vi.fn(late);
    const never = new Promise(() => undefined);
    const done = expect(withTimeout(never, 100, ended)).rejects.toThrow('late');
    await vi.advanceTimersByTimeAsync(99);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await done;
  });
});

describe('watchForStall', () => {
  it('fires when nothing has moved for this long, and not before', () => {
    const watch = watchForStall(100);
    vi.advanceTimersByTime(99);
    watch.moved();
    vi.advanceTimersByTime(99);
    expect(watch.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(watch.signal.aborted).toBe(true);
  });

  it('does not fire once it is over', () => {
    const watch = watchForStall(100);
    watch.stop();
    vi.advanceTimersByTime(1000);
    expect(watch.signal.aborted).toBe(false);
  });
});
