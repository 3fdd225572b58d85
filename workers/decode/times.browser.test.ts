import {
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MkvOutputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { afterAll, describe, expect, it } from 'vitest';
import { wavHeader } from '@/lib/engine/audio/wav';
import { createDecoder } from './client';
import { bestLag, fileOf, fixture, maxDifference, readAll } from './test-support';

const decoders = {
  auto: createDecoder(),
  shared: createDecoder({ decoder: 'ffmpeg', ffmpegFlow: 'shared' }),
  windows: createDecoder({ decoder: 'ffmpeg', ffmpegFlow: 'windows' }),
};
afterAll(() => {
  for (const decoder of Object.values(decoders)) decoder.dispose();
});

async function decode(source: Blob, startSample = 0, by: keyof typeof decoders = 'auto') {
  const session = await decoders[by].open(source, { startSample });
  const { pcm } = await readAll(session);
  const { info, notices } = session;
  await session.close();
  return { pcm, info, notices };
}

/** The AAC of `speech.m4a` in a new container, each packet at a time of its own. */
async function retimed(
  container: 'mp4' | 'mkv',
  time: (packet: number, seconds: number) => number,
): Promise<File> {
  const source = new BlobSource(fileOf(await fixture('speech.m4a')));
  using input = new Input({ formats: [MP4], source });
  const track = await input.getPrimaryAudioTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !decoderConfig) throw new Error('The fixture holds no sound.');
  const target = new BufferTarget();
  const format = container === 'mp4' ? new Mp4OutputFormat() : new MkvOutputFormat();
  const output = new Output({ format, target });
  const packets = new EncodedAudioPacketSource('aac');
  output.addAudioTrack(packets);
  await output.start();
  let count = 0;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (packet.timestamp < 0) continue;
    const timestamp = time(count, packet.timestamp);
    await packets.add(packet.clone({ timestamp }), { decoderConfig });
    count += 1;
  }
  await output.finalize();
  return fileOf(target.buffer ?? new ArrayBuffer(0));
}

const wobbling = (packet: number, seconds: number) => seconds + (packet % 2) * 0.01;
const slow = (_: number, seconds: number) => seconds * 1.01;
const STARTS = [33_333, 123_456];

describe('sound whose packet times jitter', () => {
  it.each([
    ['mp4', 'auto'],
    ['mkv', 'auto'],
    ['mp4', 'shared'],
    ['mkv', 'windows'],
  ] as const)('is the sound of steady times (%s, %s)', async (container, by) => {
    const steady = await decode(await retimed(container, (_, seconds) => seconds), 0, by);
    const { pcm, notices } = await decode(await retimed(container, wobbling), 0, by);
    expect(notices).toEqual([]);
    const shared = Math.min(pcm.length, steady.pcm.length) - 400;
    const { lag, correlation } = bestLag(steady.pcm.subarray(0, shared), pcm, 200);
    expect(Math.abs(lag)).toBeLessThanOrEqual(160);
    expect(correlation).toBeGreaterThan(0.9999);
  });

  it('keeps to a clock that is slow by 1 %', async () => {
    const steady = await decode(await retimed('mp4', (_, seconds) => seconds));
    const { pcm, notices } = await decode(await retimed('mp4', slow));
    expect(notices).toEqual([]);
    expect(Math.abs(pcm.length - steady.pcm.length * 1.01)).toBeLessThan(500);
    // short spans, in which 1 % moves nothing far, lie where the clock puts them
    for (const place of [48_000, 96_000, 144_000]) {
      const there = place * 1.01;
      const { lag, correlation } = bestLag(
        steady.pcm.subarray(place, place + 2400),
        pcm.subarray(there, there + 2400),
        400,
      );
      expect(Math.abs(lag)).toBeLessThan(320);
      expect(correlation).toBeGreaterThan(0.6);
    }
  });

  it.each([
    ['wobble', wobbling],
    ['drift', slow],
    ['have a gap', (_: number, seconds: number) => seconds + (seconds > 5 ? 2 : 0)],
  ] as const)('gives the same samples from any start where times %s', async (_, time) => {
    const source = await retimed('mp4', time);
    const { pcm } = await decode(source);
    for (const startSample of STARTS) {
      const late = await decode(source, startSample);
      expect(late.pcm.length).toBe(pcm.length - startSample);
      expect(maxDifference(late.pcm, pcm.subarray(startSample))).toBe(0);
    }
  });
});

describe('a file that lacks packets', () => {
  it.each(['auto', 'shared'] as const)('keeps its times and reports the gaps (%s)', async (by) => {
    const time = (_: number, seconds: number) => seconds + Math.floor(seconds / 2) * 0.2;
    const { pcm, notices } = await decode(await retimed('mp4', time), 0, by);
    expect(notices).toHaveLength(5);
    for (const { kind, lengthMs } of notices) {
      expect(kind).toBe('missing');
      expect(Math.abs((lengthMs ?? 0) - 200)).toBeLessThan(2);
    }
    const steady = await decode(await retimed('mp4', (_p, seconds) => seconds), 0, by);
    expect(Math.abs(pcm.length - steady.pcm.length - 16_000)).toBeLessThan(50);
  });

  it('reports a clock that jumps by minutes as one jump', async () => {
    const time = (_: number, seconds: number) => seconds + (seconds > 5 ? 300 : 0);
    const { pcm, notices } = await decode(await retimed('mkv', time));
    expect(notices).toMatchObject([{ kind: 'missing' }]);
    expect(Math.round((notices[0]?.lengthMs ?? 0) / 1000)).toBe(300);
    expect(pcm.length).toBeGreaterThan(300 * 16_000);
  });
});

describe('files that were put together', () => {
  it.each([
    ['speech-opus.ogg', 'speech-opus.ogg'],
    ['speech-vorbis.ogg', 'speech-opus.ogg'],
    ['speech.wav', 'speech.wav'],
  ])('%s and %s are read whole', async (...names) => {
    const files = await Promise.all(names.map(fixture));
    const [first, second] = await Promise.all(files.map((file) => decode(fileOf(file))));
    const { pcm, notices } = await decode(fileOf(...files));
    expect(notices).toEqual([]);
    const seam = first?.pcm.length ?? 0;
    expect(pcm.length).toBe(seam + (second?.pcm.length ?? 0));
    expect(maxDifference(pcm.subarray(0, seam), first?.pcm ?? pcm)).toBe(0);
    expect(maxDifference(pcm.subarray(seam), second?.pcm ?? pcm)).toBe(0);
    const startSample = seam + 40_001;
    const late = await decode(fileOf(...files), startSample);
    expect(late.pcm.length).toBe(pcm.length - startSample);
    expect(maxDifference(late.pcm, pcm.subarray(startSample))).toBe(0);
  });
});

describe('a WAV file whose header is wrong', () => {
  const format = { rateHz: 16_000, channels: 1 };

  it.each([
    ['states 2 s', 64_000],
    ['states nothing', 0],
    ['was never finished', 0xffff_ffff],
  ])('is read whole when it %s', async (_, statedBytes) => {
    const samples = (await fixture('speech.wav')).slice(44);
    const clean = await decode(fileOf(wavHeader(samples.length, format), samples));
    const { pcm, notices, info } = await decode(
      fileOf(wavHeader(statedBytes, format), samples, 'LIST\x04\0\0\0INFO'),
    );
    expect(notices).toEqual([]);
    expect(info).toMatchObject({ decoder: 'webcodecs', durationMs: clean.info.durationMs });
    expect(pcm.length).toBe(clean.pcm.length);
    expect(maxDifference(pcm, clean.pcm)).toBe(0);
  });

  it('reports what is missing where it breaks off', async () => {
    const samples = (await fixture('speech.wav')).slice(44);
    const { notices } = await decode(
      fileOf(wavHeader(samples.length, format), samples.slice(0, samples.length / 2)),
    );
    expect(notices).toMatchObject([{ kind: 'cut-off' }]);
  });

  it.each([12, 36, 44])('is said to hold no sound when %i bytes of it are left', async (bytes) => {
    const open = async () => decode(fileOf(wavHeader(0, format).slice(0, bytes)));
    await expect(open()).rejects.toMatchObject({ code: 'DECODE_EMPTY' });
  });
});

describe('sound that begins after a picture of MPEG-2', () => {
  it.each(['auto', 'shared', 'windows'] as const)('stays that late: %s', async (by) => {
    const lateSamples = 1.2 * 16_000;
    const late = await decode(fileOf(await fixture('second-late.mpegts')), 0, by);
    const plain = await decode(fileOf(await fixture('second.mp3')));
    const { lag, correlation } = bestLag(plain.pcm, late.pcm.subarray(lateSamples), 800);
    expect(correlation).toBeGreaterThan(0.8);
    // both codecs pad their first frames
    expect(Math.abs(lag)).toBeLessThan(0.03 * 16_000);
  });
});
