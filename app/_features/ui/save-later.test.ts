import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { saveLater } from './save-later';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('saving later', () => {
  it('stores the last of many changes, once they pause', () => {
    const save = vi.fn();
    const saver = saveLater(save, 500);
    saver.set('a');
    vi.advanceTimersByTime(400);
    saver.set('ab');
    vi.advanceTimersByTime(400);
    expect(save).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(save.mock.calls).toEqual([['ab']]);
  });

  it('stores what waits at once when asked, and nothing twice', () => {
    const save = vi.fn();
    const saver = saveLater(save, 500);
    saver.flush();
    expect(save).not.toHaveBeenCalled();
    saver.set('a');
    saver.flush();
    saver.flush();
    vi.advanceTimersByTime(1000);
    expect(save.mock.calls).toEqual([['a']]);
  });
});
