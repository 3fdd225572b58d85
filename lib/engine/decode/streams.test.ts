import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WavStream } from './ffmpeg-output';
import { BlockBatcher, type DecodedAudio } from './joined-blocks';
import { PcmQueue } from './pcm-queue';

/** Cuts bytes at the given positions. */
function cut<T extends Uint8Array | Float32Array>(all: T, cuts: number[]): T[] {
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), all.length];
  // a part of a typed array has the array's own type
  return bounds.slice(1).map((end, i) => all.subarray(bounds[i], end) as T);
}

describe('WavStream', () => {
  const samples = Float32Array.from({ length: 50 }, (_, i) => i / 7);
  const list = 'LIST\x04\0\0\0INFO';
  const header = `RIFF\xff\xff\xff\xffWAVEfmt \x12\0\0\0\x03\0\x01\0\x44\xac\0\0\0\0\0\0\x04\0\x20\0\0\0${list}data\xff\xff\xff\xff`;
  const file = new Uint8Array(header.length + samples.byteLength);
  for (let i = 0; i < header.length; i++) file[i] = header.charCodeAt(i);
  file.set(new Uint8Array(samples.buffer), header.length);

  it('gives rate and samples however the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: file.length })), (cuts) => {
        const rates: number[] = [];
        const out: number[] = [];
        const stream = new WavStream(
          ({ rateHz }) => rates.push(rateHz),
          (part) => out.push(...part),
        );
        for (const part of cut(file, cuts)) stream.write(part);
        expect(rates).toEqual([44_100]);
        expect(out).toEqual([...samples]);
      }),
    );
  });
});

describe('PcmQueue', () => {
  it('gives out what came in, in other lengths', () => {
    const all = Float32Array.from({ length: 100 }, (_, i) => i);
    const places = fc.array(fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(places, places, (into, outOf) => {
        const queue = new PcmQueue();
        for (const piece of cut(all, into)) queue.push(piece);
        const out = cut(all, outOf).flatMap((part) => [...queue.take(part.length)]);
        expect(out).toEqual([...all]);
        expect(queue.length).toBe(0);
      }),
    );
  });

  it('refuses to give more than it has', () => {
    expect(() => new PcmQueue().take(1)).toThrow(RangeError);
  });
});

describe('BlockBatcher', () => {
  /** Audio whose channels hold `channel + frame / 1000`. */
  const audio = (numberOfFrames: number, numberOfChannels: number, sampleRate = 48_000) =>
    ({
      numberOfFrames,
      numberOfChannels,
      sampleRate,
      copyTo(destination, { planeIndex, frameOffset, frameCount }) {
        for (let i = 0; i < frameCount; i++) destination[i] = planeIndex + (frameOffset + i) / 1000;
      },
    }) satisfies DecodedAudio;

  const drain = (batcher: BlockBatcher) => {
    batcher.flush();
    const blocks = [];
    for (let block = batcher.take(); block; block = batcher.take()) blocks.push(block);
    return blocks;
  };

  it('joins pieces that follow on each other, channel by channel', () => {
    const batcher = new BlockBatcher();
    batcher.add(audio(100, 2), 0, 0, 100);
    batcher.add(audio(100, 2), 100, 0, 100);
    const [block, ...others] = drain(batcher);
    expect(others).toEqual([]);
    expect(block).toMatchObject({ position: 0, rateHz: 48_000 });
    expect(block?.planes.map((plane) => plane.length)).toEqual([200, 200]);
    expect(block?.planes.map((plane) => plane[105])).toEqual([0.005, 1.005].map(Math.fround));
  });

  it('takes only the wanted frames', () => {
    const batcher = new BlockBatcher();
    batcher.add(audio(100, 1), 5, 30, 50);
    const [block] = drain(batcher);
    expect(block?.position).toBe(5);
    expect(block?.planes[0]?.length).toBe(20);
    expect(block?.planes[0]?.[0]).toBeCloseTo(0.03, 6);
  });

  it('begins a new block at a hole, at another rate and at other channels', () => {
    const batcher = new BlockBatcher();
    batcher.add(audio(10, 1), 0, 0, 10);
    batcher.add(audio(10, 1), 15, 0, 10);
    batcher.add(audio(10, 1, 44_100), 25, 0, 10);
    batcher.add(audio(10, 2, 44_100), 35, 0, 10);
    expect(drain(batcher).map(({ position, rateHz }) => [position, rateHz])).toEqual([
      [0, 48_000],
      [15, 48_000],
      [25, 44_100],
      [35, 44_100],
    ]);
  });

  it('loses nothing of a piece that is longer than a block', () => {
    const batcher = new BlockBatcher();
    batcher.add(audio(100_000, 1), 0, 0, 100_000);
    batcher.addSilence(30_000);
    const blocks = drain(batcher);
    let next = 0;
    for (const { position, planes } of blocks) {
      expect(position).toBe(next);
      next += planes[0]?.length ?? 0;
    }
    expect(next).toBe(130_000);
    expect(blocks.at(-1)?.planes[0]?.every((x) => x === 0)).toBe(true);
  });
});
