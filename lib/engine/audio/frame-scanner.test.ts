import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withGarbage } from '@/e2e/fixtures/media-files';
import { type Frame, FrameScanner } from './frame-scanner';
import { readFrameHeader, readMp3Info } from './mpeg-frames';
import { probe } from './probe';

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../e2e/fixtures/audio/${name}`, import.meta.url)));

async function scan(source: Blob): Promise<{ frames: Frame[]; trailingBytes: number }> {
  const { startByte } = await probe(source);
  const scanner = new FrameScanner(source, startByte);
  const frames: Frame[] = [];
  for (;;) {
    const frame = await scanner.next();
    if (!frame) return { frames, trailingBytes: scanner.trailingBytes };
    frames.push(frame);
  }
}

describe('FrameScanner', () => {
  it.each([
    ['speech-cbr.mp3', 'mp3', 1152],
    ['speech-vbr.mp3', 'mp3', 1152],
    ['speech.aac', 'adts', 1024],
  ] as const)('cuts all of %s into frames', async (file, format, samples) => {
    const bytes = bytesOf(file);
    const { frames, trailingBytes } = await scan(new Blob([bytes]));
    expect(trailingBytes).toBe(0);
    expect(frames.every(({ skippedBytes }) => skippedBytes === 0)).toBe(true);
    expect(frames.every(({ header }) => header.format === format)).toBe(true);
    const seconds = (frames.length * samples) / 44_100;
    expect(Math.abs(seconds - 11.765)).toBeLessThan(0.08);
    const last = frames.at(-1);
    expect((last?.startByte ?? 0) + (last?.data.length ?? 0)).toBe(bytes.length);
  });

  it('reads windows larger than one and joins frames across them', async () => {
    const one = await scan(new Blob([bytesOf('speech.aac')]));
    const parts = new Array<Uint8Array<ArrayBuffer>>(40).fill(bytesOf('speech.aac'));
    const { frames } = await scan(new Blob(parts));
    expect(frames.length).toBe(40 * one.frames.length);
    expect(frames.every(({ skippedBytes }) => skippedBytes === 0)).toBe(true);
  });

  it('resynchronises after garbage of any length at any position', async () => {
    const clean = await scan(new Blob([bytesOf('speech-cbr.mp3')]));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        async (length, place) => {
          const { frames } = await scan(
            new Blob([withGarbage(bytesOf('speech-cbr.mp3'), length, place)]),
          );
          // the frame that was cut in two may be lost, or kept with garbage in it
          expect(frames.length).toBeGreaterThanOrEqual(clean.frames.length - 3);
          expect(frames.length).toBeLessThanOrEqual(clean.frames.length);
          const skipped = frames.reduce((sum, frame) => sum + frame.skippedBytes, 0);
          expect(skipped).toBeGreaterThan(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('counts what lies behind the last frame', async () => {
    const { frames, trailingBytes } = await scan(
      new Blob([bytesOf('speech-cbr.mp3'), new Uint8Array(5000)]),
    );
    expect(frames.length).toBeGreaterThan(400);
    expect(trailingBytes).toBe(5000);
  });
});

describe('readMp3Info', () => {
  it.each(['speech-cbr.mp3', 'speech-vbr.mp3'])('reads length and delays of %s', async (file) => {
    const { frames } = await scan(new Blob([bytesOf(file)]));
    const [first] = frames;
    if (!first) throw new Error('no frame');
    const info = readMp3Info(first.data, first.header);
    expect(info?.frames).toBe(frames.length - 1);
    // LAME's delay of 576 and the decoder's 529
    expect(info?.trim?.start).toBe(1105);
    const { start = 0, end = 0 } = info?.trim ?? {};
    // the source has 188240 samples at 16 kHz
    expect((info?.frames ?? 0) * 1152 - start - end).toBe(Math.round(188_240 * 2.75625));
  });

  it('takes an ordinary frame for one', async () => {
    const { frames } = await scan(new Blob([bytesOf('speech-cbr.mp3')]));
    const second = frames[1];
    if (!second) throw new Error('no frame');
    expect(readMp3Info(second.data, second.header)).toBeNull();
  });
});

describe('readFrameHeader', () => {
  it('never takes bytes without a sync word for a frame, and never fails', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 12 }), (bytes) => {
        const header = readFrameHeader(bytes, 0);
        if (!header) return;
        expect(bytes[0]).toBe(0xff);
        expect(header.lengthBytes).toBeGreaterThan(7);
        expect(header.rateHz).toBeGreaterThanOrEqual(7350);
        expect(header.channels).toBeGreaterThan(0);
      }),
    );
  });
});
