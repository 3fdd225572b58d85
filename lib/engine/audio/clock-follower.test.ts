import { describe, expect, it } from 'vitest';
import { blockLength, ClockFollower } from './clock-follower';
import { STRETCH_REACH, stretch } from './time-stretch';
import type { ChannelBlock } from './types';

const RATE_HZ = 8000;
const PACKET = 200;
const PACKET_SECONDS = PACKET / RATE_HZ;
/** A tone whose samples are all different for a while. */
const sound = (from: number, length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin((from + i) * 0.1));

/** Packets through a follower; `clock` gives their times by their number. */
function follow(
  packets: number,
  clock: (packet: number) => number,
  pieces = PACKET,
): { blocks: ChannelBlock[]; end: number; holes: { at: number; length: number }[] } {
  const follower = new ClockFollower(RATE_HZ);
  const blocks: ChannelBlock[] = [];
  const holes: { at: number; length: number }[] = [];
  let end = Number.NaN;
  const take = () => {
    for (let block = follower.take(); block; block = follower.take()) {
      if (block.position > end) holes.push({ at: end, length: block.position - end });
      if (block.position < end) throw new Error('Blocks overlap.');
      end = block.position + blockLength(block);
      blocks.push(block);
    }
  };
  for (let k = 0; k < packets; k++) {
    follower.mark(k * PACKET, clock(k));
    for (let at = 0; at < PACKET; at += pieces)
      follower.add({
        position: k * PACKET + at,
        rateHz: RATE_HZ,
        planes: [sound(k * PACKET + at, Math.min(pieces, PACKET - at))],
      });
    take();
  }
  follower.end();
  take();
  return { blocks, end, holes };
}

const join = (blocks: ChannelBlock[]) => blocks.flatMap(({ planes }) => [...(planes[0] ?? [])]);

/** The same numbers in every run. */
function random(): () => number {
  let state = 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('ClockFollower', () => {
  it.each([
    ['steady', () => 0],
    ['that wobble by 5 ms', (k: number) => (k % 2) * 0.005],
    ['that wobble by 10 ms', (k: number) => (k % 2) * 0.01],
    ['rounded to a tenth of a packet', (k: number) => (k % 10) / 4000],
  ])('gives sound with packet times %s out as it came', (_, late) => {
    const { blocks, holes } = follow(800, (k) => k * PACKET_SECONDS + late(k));
    expect(holes).toEqual([]);
    expect(join(blocks)).toEqual([...sound(0, 800 * PACKET)]);
    expect(Math.abs(blocks[0]?.position ?? 99)).toBeLessThanOrEqual(0.01 * RATE_HZ);
  });

  it.each([0.01, 0.04, 0.1])('leaves no hole where times wobble at random by %d s', (size) => {
    const next = random();
    const { end, holes } = follow(2000, (k) => k * PACKET_SECONDS + next() * size);
    expect(holes).toEqual([]);
    expect(Math.abs(end / RATE_HZ - 2000 * PACKET_SECONDS - size / 2)).toBeLessThan(0.03);
  });

  it.each([-0.02, -0.01, -0.001, 0.001, 0.01, 0.02, 0.08])(
    'keeps to a clock that drifts by %d of the time, without a hole',
    (drift) => {
      const { blocks, end, holes } = follow(2000, (k) => k * PACKET_SECONDS * (1 + drift));
      expect(holes).toEqual([]);
      const seconds = 2000 * PACKET_SECONDS;
      expect(Math.abs(end / RATE_HZ - seconds * (1 + drift))).toBeLessThan(0.02);
      // nowhere is there a step larger than the tone's own; silence follows on the very end
      const all = join(blocks).slice(0, -STRETCH_REACH);
      const steps = all.slice(1).map((value, i) => Math.abs(value - (all[i] ?? 0)));
      expect(steps.reduce((most, step) => Math.max(most, step), 0)).toBeLessThan(0.125);
    },
  );

  it('keeps each gap of a file whose packets are missing, at its time', () => {
    const gap = 0.064;
    const { holes, end } = follow(800, (k) => k * PACKET_SECONDS + Math.floor(k / 8) * gap);
    expect(holes).toHaveLength(99);
    expect(holes.every(({ length }) => length === gap * RATE_HZ)).toBe(true);
    expect(holes[0]?.at).toBe(8 * PACKET);
    expect(end / RATE_HZ).toBeCloseTo(800 * PACKET_SECONDS + 99 * gap, 3);
  });

  it('keeps a gap where times jitter and drift, too', () => {
    const next = random();
    const clock = (k: number) => k * PACKET_SECONDS * 1.005 + next() * 0.01 + (k >= 400 ? 0.5 : 0);
    const { holes } = follow(800, clock);
    expect(holes).toHaveLength(1);
    expect(Math.abs((holes[0]?.length ?? 0) / RATE_HZ - 0.5)).toBeLessThan(0.02);
  });

  it.each([
    ['back to 0', -200 * PACKET_SECONDS],
    ['ahead by more than a day', 100_000],
  ])('continues where a clock starts again %s', (_, step) => {
    const { blocks, holes } = follow(400, (k) => k * PACKET_SECONDS + (k >= 200 ? step : 0));
    expect(holes).toEqual([]);
    expect(join(blocks)).toEqual([...sound(0, 400 * PACKET)]);
  });

  it('gives the same however the audio is divided', () => {
    const clock = () => {
      const next = random();
      return (k: number) => k * PACKET_SECONDS * 1.01 + next() * 0.04 + (k > 300 ? 0.3 : 0);
    };
    const whole = follow(600, clock());
    const cut = follow(600, clock(), 37);
    expect(join(cut.blocks)).toEqual(join(whole.blocks));
    expect(cut.holes).toEqual(whole.holes);
  });

  it('places audio whose beginning was left out where the whole file has it', () => {
    const clock = (k: number) => k * PACKET_SECONDS * 1.01;
    const whole = follow(600, clock);
    const follower = new ClockFollower(RATE_HZ);
    for (let k = 0; k < 600; k++) {
      follower.mark(k * PACKET, clock(k));
      const mono = k < 301 ? new Float32Array(0) : sound(k * PACKET, PACKET);
      follower.add({ position: k * PACKET, rateHz: RATE_HZ, planes: [mono] });
    }
    follower.end();
    const from = 302 * PACKET + RATE_HZ;
    const of = (blocks: ChannelBlock[]) =>
      new Map(
        blocks.flatMap(({ position, planes: [mono = []] }) =>
          [...mono].map((x, i) => [position + i, x] as const),
        ),
      );
    const late: ChannelBlock[] = [];
    for (let block = follower.take(); block; block = follower.take()) late.push(block);
    const [a, b] = [of(whole.blocks), of(late)];
    let differing = 0;
    for (let at = from; at < whole.end; at++) if (b.get(at) !== a.get(at)) differing += 1;
    expect(differing).toBe(0);
  });
});

describe('stretch', () => {
  it('keeps a tone a tone', () => {
    const around = sound(-STRETCH_REACH, 1000 + 2 * STRETCH_REACH);
    for (const length of [900, 1000, 1010, 1100]) {
      const out = stretch(around, length);
      expect(out.length).toBe(length);
      const step = 1000 / length;
      const off = out.map((value, i) => Math.abs(value - Math.sin(i * step * 0.1)));
      expect(Math.max(...off)).toBeLessThan(0.0005);
    }
  });
});
