import { afterAll, describe, expect, it } from 'vitest';
import {
  joinedFlac,
  textBytes,
  toneWav,
  truncated,
  withFlacLength,
  withGarbage,
} from '@/e2e/fixtures/media-files';
import type { ErrorCode } from '@/lib/core/errors';
import { createDecoder } from './client';
import { bestLag, fileOf, fixture, maxDifference, readAll } from './test-support';

const decoder = createDecoder();
afterAll(() => decoder.dispose());

async function decode(...parts: BlobPart[]) {
  const session = await decoder.open(fileOf(...parts), { startSample: 0 });
  const { pcm } = await readAll(session);
  const { info, notices } = session;
  await session.close();
  return { pcm, info, notices };
}

async function whole(name: string): Promise<Float32Array> {
  const { pcm } = await decode(await fixture(name));
  return pcm;
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return withGarbage(new Uint8Array(0), length);
}

describe('what is not readable media', () => {
  const html = new TextEncoder().encode('<!DOCTYPE html><html><body>Hello</body></html>');
  const cases: [string, () => BlobPart | Promise<BlobPart>, ErrorCode, string?][] = [
    ['an empty file', () => new Uint8Array(0), 'SOURCE_EMPTY'],
    ['text renamed .mp3', textBytes, 'DECODE_UNSUPPORTED', 'a text file'],
    ['a web page', () => html, 'DECODE_UNSUPPORTED', 'a web page'],
    ['a PDF', () => '%PDF-1.7\n%\xe2\xe3', 'DECODE_UNSUPPORTED', 'a PDF document'],
    ['noise', () => randomBytes(50_000), 'DECODE_UNSUPPORTED'],
    ['a video without audio', () => fixture('video-only.mp4'), 'DECODE_NO_AUDIO'],
    [
      'an mp4 cut off before its index',
      async () => truncated(await fixture('speech.mp4'), 0.6),
      'DECODE_INCOMPLETE',
    ],
    [
      'a film whose header alone is left',
      async () => truncated(await fixture('speech-ac3.mkv'), 0.001),
      'DECODE_UNSUPPORTED',
    ],
  ];

  it.each(cases)('%s is refused', async (_, make, code, seems) => {
    const failed = decoder.open(fileOf(await make()), { startSample: 0 });
    await expect(failed).rejects.toMatchObject({
      code,
      fatal: false,
      ...(seems ? { details: { seems } } : {}),
    });
  });

  it('does not keep the next source from being read', async () => {
    await expect(decoder.open(fileOf(), { startSample: 0 })).rejects.toThrow();
    expect((await whole('speech.wav')).length).toBeGreaterThan(0);
  });
});

describe('damaged media', () => {
  it('gives what lies around garbage in an mp3 and reports where it is', async () => {
    const clean = await whole('speech-cbr.mp3');
    const { pcm, notices, info } = await decode(
      withGarbage(await fixture('speech-cbr.mp3'), 20_000),
    );
    expect(info.decoder).toBe('webcodecs');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ kind: 'gap' });
    expect(Math.abs((notices[0]?.atMs ?? 0) - clean.length / 32)).toBeLessThan(100);
    // no more than the two frames at the seam are lost
    expect(clean.length - pcm.length).toBeLessThan(0.06 * 16_000);
    const before = Math.floor(clean.length / 2) - 2000;
    expect(maxDifference(pcm.subarray(0, before), clean.subarray(0, before))).toBe(0);
    const tail = bestLag(clean.slice(-64_000), pcm.slice(-64_000), 10);
    expect(tail.correlation).toBeGreaterThan(0.999);
  });

  it.each([
    ['speech-cbr.mp3', 'an mp3'],
    ['speech.m4a', 'an m4a with its index in front'],
    ['speech-ac3.mkv', 'a film'],
    ['speech.flac', 'a FLAC file'],
  ])('gives the first part of %s when it was cut off, and says so', async (file) => {
    const clean = await whole(file);
    const { pcm, notices } = await decode(truncated(await fixture(file), 0.5));
    expect(pcm.length).toBeGreaterThan(clean.length * 0.35);
    expect(pcm.length).toBeLessThan(clean.length * 0.65);
    const { correlation } = bestLag(clean, pcm.subarray(0, pcm.length - 3200), 10);
    expect(correlation).toBeGreaterThan(0.99);
    if (file === 'speech-ac3.mkv') return; // a film's sound may end before its pictures
    expect(notices.at(-1)).toMatchObject({ kind: 'cut-off' });
    expect(Math.abs((notices.at(-1)?.atMs ?? 0) - pcm.length / 16)).toBeLessThan(2);
    const missing = (clean.length - pcm.length) / 16;
    expect(Math.abs((notices.at(-1)?.lengthMs ?? 0) - missing)).toBeLessThan(100);
  });

  it('reads a FLAC file to its end although its header states less', async () => {
    const clean = await whole('speech.flac');
    const { pcm, notices } = await decode(withFlacLength(await fixture('speech.flac'), 48_000));
    expect(notices).toEqual([]);
    // the last frame of this file is too small for mediabunny, and only the header mentions it
    expect(clean.length - pcm.length).toBeLessThan(1152);
    expect(maxDifference(pcm, clean)).toBe(0);
  });

  it('falls back to ffmpeg when a FLAC file has frames after its stated end', async () => {
    const clean = await whole('speech.flac');
    const joined = joinedFlac(await fixture('speech.flac'));
    const { pcm, info } = await decode(joined);
    expect(info.decoder).toBe('ffmpeg');
    expect(pcm.length).toBe(2 * clean.length);
    expect(maxDifference(pcm, clean)).toBe(0);
    expect(maxDifference(pcm.subarray(clean.length), clean)).toBe(0);

    const startSample = clean.length + 40_000;
    const late = await decoder.open(fileOf(joined), { startSample });
    const rest = await readAll(late);
    await late.close();
    expect(rest.startSample).toBe(startSample);
    expect(rest.pcm.length).toBe(2 * clean.length - startSample);
    expect(maxDifference(rest.pcm, clean.subarray(40_000))).toBe(0);
  });

  it('falls back to ffmpeg where a transport stream was joined and its clock restarts', async () => {
    const stream = await fixture('speech.mpegts');
    const clean = await decode(stream);
    expect(clean.info).toMatchObject({ decoder: 'webcodecs', container: 'MPEG transport stream' });
    const { pcm, info } = await decode(stream, stream);
    expect(info.decoder).toBe('ffmpeg');
    const second = pcm.subarray(clean.pcm.length);
    expect(Math.abs(second.length - clean.pcm.length)).toBeLessThan(1600);
    const { correlation } = bestLag(clean.pcm.subarray(0, second.length - 1600), second, 1600);
    expect(correlation).toBeGreaterThan(0.99);

    const startSample = clean.pcm.length + 40_000;
    const late = await decoder.open(fileOf(stream, stream), { startSample });
    const rest = await readAll(late);
    await late.close();
    expect(rest.startSample).toBe(startSample);
    expect(rest.pcm.length).toBe(pcm.length - startSample);
    expect(maxDifference(rest.pcm, pcm.subarray(startSample))).toBe(0);
  });

  it('falls back to ffmpeg at a position that the browser cannot decode', async () => {
    const clean = await whole('speech.flac');
    const broken = await fixture('speech.flac');
    const at = Math.floor(broken.length * 0.6);
    broken.set(randomBytes(3000), at);
    const { pcm, info, notices } = await decode(broken);
    expect(info.decoder).toBe('ffmpeg');
    expect(notices.some(({ kind }) => kind === 'gap')).toBe(true);
    expect(maxDifference(pcm.subarray(0, 40_000), clean.subarray(0, 40_000))).toBe(0);
    const tail = bestLag(clean.slice(-32_000), pcm.slice(-32_000), 10);
    expect(tail.correlation).toBeGreaterThan(0.999);
  });
});

describe('unusual media', () => {
  it.each([16_000, 44_100, 48_000, 8_000])('0.1 s at %i Hz gives 1600 samples', async (rateHz) => {
    const { pcm } = await decode(toneWav(0.1, { rateHz, channels: 1 }));
    expect(pcm.length).toBe(1600);
  });

  it('a WAV file without a single sample holds no sound', async () => {
    const session = await decoder.open(fileOf(toneWav(0, { rateHz: 16_000, channels: 1 })), {
      startSample: 0,
    });
    await expect(session.read()).rejects.toMatchObject({ code: 'DECODE_EMPTY' });
    await session.close();
  });

  it('8 channels at 192 kHz come out at their level', async () => {
    const { pcm, info } = await decode(toneWav(0.5, { rateHz: 192_000, channels: 8 }));
    expect(info).toMatchObject({ channels: 8, sampleRateHz: 192_000, decoder: 'webcodecs' });
    expect(pcm.length).toBe(8000);
    const rms = Math.hypot(...pcm.subarray(1000, 7000)) / Math.sqrt(6000);
    // all channels but the LFE carry the same tone, and the weights of the others sum to 1
    expect(rms).toBeCloseTo(12_000 / 32_768 / Math.SQRT2, 3);
  });
});

describe('a source that is no longer what it was', () => {
  async function stored(name: string, bytes: Uint8Array<ArrayBuffer>) {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
    return { root, handle, file: await handle.getFile() };
  }

  it.each(['auto', 'ffmpeg'] as const)('is reported as gone, with %s', async (choice) => {
    const own = createDecoder({ decoder: choice });
    const bytes = new Uint8Array(await toneWav(120, { rateHz: 44_100, channels: 2 }).arrayBuffer());
    const { root, handle, file } = await stored(`gone-${choice}.wav`, bytes);
    const session = await own.open(file, { startSample: 0 });
    expect(await session.read()).not.toBeNull();
    const writable = await handle.createWritable();
    await writable.write('other contents');
    await writable.close();
    await expect(readAll(session)).rejects.toMatchObject({ code: 'SOURCE_GONE' });
    await session.close();
    await root.removeEntry(`gone-${choice}.wav`);
    own.dispose();
  });

  it('is reported as gone when it was deleted before', async () => {
    const { root, file } = await stored('deleted.wav', await fixture('speech.wav'));
    await root.removeEntry('deleted.wav');
    await expect(decoder.open(file, { startSample: 0 })).rejects.toMatchObject({
      code: 'SOURCE_GONE',
    });
  });
});
