import { describe, expect, it } from 'vitest';
import {
  type Learning,
  learn,
  learntMap,
  NOTHING_LEARNT,
  nextButton,
  pressedButtons,
} from './pedal';

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
