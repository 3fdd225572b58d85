import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createAutosave } from './row-typing';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('saves when typing stops, once', () => {
  const save = vi.fn();
  const autosave = createAutosave(save);
  autosave.changed();
  vi.advanceTimersByTime(300);
  autosave.changed();
  vi.advanceTimersByTime(300);
  expect(save).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5_000);
  expect(save).toHaveBeenCalledTimes(1);
});

it('saves within a second of the first key, however long one types without a stop', () => {
  const savedMs: number[] = [];
  let nowMs = 0;
  const autosave = createAutosave(() => savedMs.push(nowMs));
  for (; nowMs < 10_000; nowMs += 100) {
    autosave.changed();
    vi.advanceTimersByTime(100);
  }
  const gaps = savedMs.map((ms, at) => ms - (savedMs[at - 1] ?? 0));
  expect(savedMs.length).toBeGreaterThan(8);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1_000);
});

it('saves at once when it is asked to, and nothing twice', () => {
  const save = vi.fn();
  const autosave = createAutosave(save);
  autosave.flush();
  autosave.changed();
  autosave.flush();
  vi.advanceTimersByTime(5_000);
  expect(save).toHaveBeenCalledTimes(1);
});
