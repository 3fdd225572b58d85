import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlayback } from '../playback';
import type { PedalMap } from './pedal';
import { playByPedals, reportReader } from './pedal-player';

const bit = (mask: number) => ({ reportId: 0, byte: 0, mask, value: mask });
const MAP: PedalMap = {
  vendorId: 0x05f3,
  productId: 0x00ff,
  buttons: { left: bit(1), centre: bit(2), right: bit(4) },
};

const holdsOf = () => {
  const hold = () => ({ press: vi.fn(), release: vi.fn() });
  return { left: hold(), centre: hold(), right: hold() };
};

describe('the reports of a pedal', () => {
  it('press and release each button once', () => {
    const holds = holdsOf();
    const reader = reportReader(MAP, holds);
    for (const byte of [2, 2, 3, 1, 0]) reader.read({ id: 0, bytes: Uint8Array.of(byte) });
    expect(holds.centre.press).toHaveBeenCalledOnce();
    expect(holds.centre.release).toHaveBeenCalledOnce();
    expect(holds.left.press).toHaveBeenCalledOnce();
    expect(holds.left.release).toHaveBeenCalledOnce();
    expect(holds.right.press).not.toHaveBeenCalled();
  });

  it('release what is held when the page is left', () => {
    const holds = holdsOf();
    const reader = reportReader(MAP, holds);
    reader.read({ id: 0, bytes: Uint8Array.of(2) });
    reader.release();
    expect(holds.centre.release).toHaveBeenCalledOnce();
  });
});

describe('a pedal by WebHID', () => {
  class FakeDevice extends EventTarget {
    opened = false;
    constructor(
      readonly vendorId: number,
      readonly productId: number,
    ) {
      super();
    }
    open() {
      this.opened = true;
      return Promise.resolve();
    }
    send(byte: number) {
      const data = new DataView(Uint8Array.of(byte, 0).buffer);
      this.dispatchEvent(Object.assign(new Event('inputreport'), { reportId: 0, data }));
    }
  }
  const allowed: FakeDevice[] = [];
  const hid = Object.assign(new EventTarget(), { getDevices: () => Promise.resolve(allowed) });

  beforeEach(() => {
    vi.stubGlobal('navigator', { hid });
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('document', { hasFocus: () => true });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    allowed.length = 0;
  });

  const start = async () => {
    const scope = new AbortController();
    const playback = createPlayback();
    playback.seek(60_000);
    await playByPedals([MAP], playback, scope.signal);
    return { scope, playback };
  };

  it('is opened when it is there or plugged in, and others are left alone', async () => {
    const [own, other] = [new FakeDevice(0x05f3, 0x00ff), new FakeDevice(1, 2)];
    allowed.push(own, other);
    const { scope, playback } = await start();
    expect([own.opened, other.opened]).toEqual([true, false]);
    own.send(1);
    own.send(0);
    expect(playback.nowMs()).toBe(55_000);
    const second = new FakeDevice(0x05f3, 0x00ff);
    hid.dispatchEvent(Object.assign(new Event('connect'), { device: second }));
    expect(second.opened).toBe(true);
    second.send(4);
    expect(playback.nowMs()).toBe(60_000);
    scope.abort();
    own.send(1);
    expect(playback.nowMs()).toBe(60_000);
  });
});
