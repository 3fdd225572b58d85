import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createScheduler } from './scheduler';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('does work once for each name, at the time that was planned last', async () => {
  const { plan, isPlanned } = createScheduler();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(name);
  };
  plan('a', 1_000, work('a, at first'));
  plan('b', 2_000, work('b'));
  plan('a', 3_000, work('a'));
  expect([isPlanned('a'), isPlanned('c')]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(done).toEqual(['b']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual(['b', 'a']);
  expect(isPlanned('a')).toBe(false);
});

it('leaves undone what was planned when all of it is cancelled', async () => {
  const { plan, isPlanned, cancelAll } = createScheduler();
  const work = vi.fn(async () => undefined);
  plan('a', 1_000, work);
  cancelAll();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(work).not.toHaveBeenCalled();
  expect(isPlanned('a')).toBe(false);
});
