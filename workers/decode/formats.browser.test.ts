import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import type { MediaInfo } from '@/lib/engine/audio/types';
import decodedSamples from '@/tools/worker/fixtures/decoded-samples.json';
import { createDecoder } from './client';
import { bestLag, fileOf, fixture, readAll } from './test-support';

/** Sound that an encoder put in front and the container does not mention, in samples at 16 kHz. */
const LEAD = {
  none: 0,
  /** 1024 samples at 44.1 kHz. */
  aac: 372,
  /** 1105 samples at 44.1 kHz. */
  mp3: 401,
  /** 256 samples at 48 kHz. */
  ac3: 85,
  /** As the core's ASF reader gives it: two frames of 2048 less its decoder's own. */
  wma: 729,
};

interface Format {
  file: string;
  info: Pick<MediaInfo, 'decoder' | 'mediaType' | 'container' | 'codec' | 'hasVideo'>;
  lead: number;
  /** Lowest likeness to the uncompressed original. */
  correlation: number;
}

const format = (
  file: string,
  decoder: MediaInfo['decoder'],
  container: string,
  codec: string,
  mediaType: string,
  { lead = LEAD.none, correlation = 0.99 } = {},
): Format => ({
  file,
  info: { decoder, mediaType, container, codec, hasVideo: mediaType.startsWith('video/') },
  lead,
  correlation,
});

const FORMATS: Format[] = [
  format('speech.wav', 'webcodecs', 'WAV', 'pcm-s16', 'audio/wav', { correlation: 0.999999 }),
  format('speech.flac', 'webcodecs', 'FLAC', 'flac', 'audio/flac', { correlation: 0.999999 }),
  format('speech-cbr.mp3', 'webcodecs', 'MP3', 'mp3', 'audio/mpeg'),
  format('speech-vbr.mp3', 'webcodecs', 'MP3', 'mp3', 'audio/mpeg'),
  format('speech.m4a', 'webcodecs', 'M4A', 'aac', 'audio/mp4'),
  format('speech.aac', 'webcodecs', 'AAC', 'aac', 'audio/aac', { lead: LEAD.aac }),
  format('speech-opus.ogg', 'webcodecs', 'Ogg', 'opus', 'audio/ogg'),
  format('speech-vorbis.ogg', 'webcodecs', 'Ogg', 'vorbis', 'audio/ogg'),
  format('speech.webm', 'webcodecs', 'WebM', 'opus', 'audio/webm'),
  format('speech.mp4', 'webcodecs', 'MP4', 'aac', 'video/mp4'),
  format('speech-ac3.mkv', 'ffmpeg', 'Matroska', 'ac3', 'video/x-matroska', { lead: LEAD.ac3 }),
  format('speech-alac.m4a', 'ffmpeg', 'M4A', 'alac', 'audio/mp4'),
  format('speech.aiff', 'ffmpeg', 'AIFF', 'pcm_s16be', 'audio/aiff'),
  format('speech.wma', 'ffmpeg', 'Windows Media', 'wmav2', 'audio/x-ms-asf', { lead: LEAD.wma }),
  format('speech.avi', 'ffmpeg', 'AVI', 'mp3', 'video/x-msvideo', { lead: LEAD.mp3 }),
];

/** What a worker without a browser gives (tools/worker/decoded-samples.test.ts). */
const inNode: Partial<Record<string, { sha256: string }>> = decodedSamples;

async function sha256(pcm: Float32Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Float32Array(pcm)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lossy codecs round their ends to whole frames. */
const LENGTH_TOLERANCE = 0.03 * SAMPLE_RATE_HZ;
const LAG_TOLERANCE = 0.005 * SAMPLE_RATE_HZ;

let truth: Float32Array;
beforeAll(async () => {
  const data = new Int16Array((await fixture('speech.wav')).slice(44).buffer);
  truth = Float32Array.from(data, (value) => value / 32_768);
});

/** Aligns with `lead` taken off, so that the search stays narrow. */
function expectSpeech(pcm: Float32Array, { lead, correlation }: Format): void {
  expect(Math.abs(pcm.length - lead - truth.length)).toBeLessThan(
    LENGTH_TOLERANCE + (lead > 0 ? lead : 0),
  );
  const best = bestLag(truth, pcm.subarray(lead), 2 * LAG_TOLERANCE);
  expect(best.correlation).toBeGreaterThan(correlation);
  expect(Math.abs(best.lag)).toBeLessThan(LAG_TOLERANCE);
}

describe('the decoder as users have it', () => {
  const decoder = createDecoder();
  afterAll(() => decoder.dispose());

  it.each(FORMATS)('reads $file with its sound in place', async (one) => {
    const session = await decoder.open(fileOf(await fixture(one.file)), { startSample: 0 });
    const { pcm, startSample } = await readAll(session);
    expect(session.info).toMatchObject(one.info);
    expect(session.notices).toEqual([]);
    expect(startSample).toBe(0);
    expectSpeech(pcm, one);
    expect(await session.read()).toBeNull();
    await session.close();
  });

  it('gives the length before anything is decoded, for bare streams closely', async () => {
    for (const file of ['speech-vbr.mp3', 'speech.aac', 'speech-opus.ogg', 'speech.flac']) {
      const session = await decoder.open(fileOf(await fixture(file)), { startSample: 0 });
      expect(Math.abs((session.info.durationMs ?? 0) - truth.length / 16)).toBeLessThan(60);
      await session.close();
    }
  });

  it('gives short chunks first and peaks for every part of the sound', async () => {
    const session = await decoder.open(fileOf(await fixture('speech.m4a')), { startSample: 0 });
    const { pcm, chunks } = await readAll(session);
    expect(chunks.map((chunk) => chunk.pcm.length / SAMPLE_RATE_HZ).slice(0, 3)).toEqual([1, 2, 4]);
    const peaks = chunks.flatMap((chunk, i) => {
      const before = chunks.slice(0, i).reduce((n, { peaks: p }) => n + p.values.length, 0);
      expect(chunk.peaks.firstPeak).toBe(before);
      return [...chunk.peaks.values];
    });
    const wanted = Array.from({ length: Math.ceil(pcm.length / 800) }, (_, k) =>
      Math.min(
        255,
        Math.ceil(
          255 * pcm.subarray(k * 800, k * 800 + 800).reduce((m, x) => Math.max(m, Math.abs(x)), 0),
        ),
      ),
    );
    expect(peaks).toEqual(wanted);
    await session.close();
  });
});

describe.each([
  ['with shared memory', 'shared'],
  ['in windows, without it', 'windows'],
] as const)('ffmpeg alone, %s', (_, ffmpegFlow) => {
  const decoder = createDecoder({ decoder: 'ffmpeg', ffmpegFlow });
  afterAll(() => decoder.dispose());

  it.each(FORMATS)('reads $file with its sound in place', async (one) => {
    const session = await decoder.open(fileOf(await fixture(one.file)), { startSample: 0 });
    const { pcm } = await readAll(session);
    expect(session.info.decoder).toBe('ffmpeg');
    expect(session.info.hasVideo).toBe(one.info.hasVideo);
    expectSpeech(pcm, one);
    const sameInNode = ffmpegFlow === 'shared' ? inNode[one.file] : undefined;
    if (sameInNode) expect(await sha256(pcm)).toBe(sameInNode.sha256);
    await session.close();
  });
});
