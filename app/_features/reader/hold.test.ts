import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldKeys, repeatWhileHeld } from './playback';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a key that is held', () => {
  it('takes a step at once, then a few each second, until it is released', () => {
    const step = vi.fn();
    const hold = repeatWhileHeld(step);
    hold.press();
    expect(step).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(499);
    expect(step).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1 + 300);
    expect(step).toHaveBeenCalledTimes(3);
    hold.release();
    vi.advanceTimersByTime(5_000);
    expect(step).toHaveBeenCalledTimes(3);
  });

  it('counts once however often the keyboard repeats it', () => {
    const hold = { press: vi.fn(), release: vi.fn() };
    const keys = new HeldKeys();
    for (let repeat = 0; repeat < 30; repeat++) keys.press({ code: 'F9', key: 'F9' }, hold);
    expect(hold.press).toHaveBeenCalledOnce();
    keys.release({ code: 'F9', key: 'F9' });
    expect(hold.release).toHaveBeenCalledOnce();
  });

  it('is released by its place, whatever it types by then', () => {
    const hold = { press: vi.fn(), release: vi.fn() };
    const keys = new HeldKeys();
    keys.press({ code: 'KeyJ', key: 'º' }, hold);
    keys.release({ code: 'KeyK', key: 'k' });
    expect(hold.release).not.toHaveBeenCalled();
    keys.release({ code: 'KeyJ', key: 'j' });
    expect(hold.release).toHaveBeenCalledOnce();
  });

  it('is released with all others when the page loses the keyboard, or the command key goes up', () => {
    const hold = { press: vi.fn(), release: vi.fn() };
    const keys = new HeldKeys();
    keys.press({ code: 'F9', key: 'F9' }, hold);
    keys.releaseAll();
    keys.press({ code: 'KeyJ', key: 'j' }, hold);
    keys.release({ code: 'MetaLeft', key: 'Meta' });
    expect(hold.release).toHaveBeenCalledTimes(2);
  });
});
