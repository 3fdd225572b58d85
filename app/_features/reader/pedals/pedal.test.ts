import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlayback } from '../playback';
import {
  type Learning,
  learn,
  learntMap,
  NOTHING_LEARNT,
  nextButton,
  type PedalMap,
  playByPedals,
  pressedButtons,
  reportReader,
} from './pedal';

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

const report = (...bytes: number[]) => ({ id: 0, bytes: Uint8Array.from(bytes) });
const learnFrom = (...reports: ReturnType<typeof report>[]) =>
  reports.reduce<Learning>(learn, NOTHING_LEARNT);
const DEVICE = { vendorId: 0x05f3, productId: 0x00ff };

/** Left 1, centre 2, right 4 in the first of two bytes. */
const ONE_BIT_EACH = [1, 0, 2, 0, 4, 0].map((byte) => report(byte, 0));

describe('learning a pedal', () => {
  it('finds the bits of each button', () => {
    const map = learntMap(learnFrom(...ONE_BIT_EACH), DEVICE);
    expect(map).toEqual({
      ...DEVICE,
      buttons: {
        left: { reportId: 0, byte: 0, mask: 1, value: 1 },
        centre: { reportId: 0, byte: 0, mask: 2, value: 2 },
        right: { reportId: 0, byte: 0, mask: 4, value: 4 },
      },
    });
  });

  it('asks for one button after another, and has nothing to keep before the last', () => {
    expect(nextButton(NOTHING_LEARNT)).toBe('left');
    const two = learnFrom(...ONE_BIT_EACH.slice(0, 4));
    expect(nextButton(two)).toBe('right');
    expect(learntMap(two, DEVICE)).toBeNull();
    expect(nextButton(learnFrom(...ONE_BIT_EACH))).toBeNull();
  });

  it('is not misled by a first report of nothing, or by reports that repeat', () => {
    const noisy = ONE_BIT_EACH.flatMap((one) => [one, one, one]);
    expect(learnFrom(report(0, 0), ...noisy)).toEqual(learnFrom(...ONE_BIT_EACH));
  });

  it('takes a button once, however often it is pressed', () => {
    const [down, up] = [report(1, 0), report(0, 0)];
    expect(nextButton(learnFrom(down, up, down, up))).toBe('centre');
  });

  it('learns buttons whose bits go down when they are pressed, and other bytes', () => {
    const { learnt } = learnFrom(
      report(7, 0xfe),
      report(7, 0xff),
      report(7, 0xef),
      report(7, 0xff),
    );
    expect(learnt).toEqual([
      { reportId: 0, byte: 1, mask: 1, value: 0 },
      { reportId: 0, byte: 1, mask: 0x10, value: 0 },
    ]);
  });
});

describe('a report of a pedal', () => {
  const map = learntMap(learnFrom(...ONE_BIT_EACH), DEVICE);
  const none = new Set<never>();

  it('says which buttons are down, also several', () => {
    if (!map) throw new Error('nothing was learnt');
    expect([...pressedButtons(map, report(2, 0), none)]).toEqual(['centre']);
    expect([...pressedButtons(map, report(6, 0xff), none)]).toEqual(['centre', 'right']);
    expect([...pressedButtons(map, report(0, 0), none)]).toEqual([]);
    expect([...pressedButtons(map, report(), none)]).toEqual([]);
  });

  it('leaves buttons alone that it says nothing of', () => {
    if (!map) throw new Error('nothing was learnt');
    const other = { id: 3, bytes: Uint8Array.of(0) };
    expect([...pressedButtons(map, other, new Set(['left'] as const))]).toEqual(['left']);
  });
});
