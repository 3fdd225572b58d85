import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  type OutputFormat,
} from 'mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFiles } from '@/lib/engine/audio/bundle';
import type { TrackIndex } from '@/lib/engine/audio/types';
import { chooseTrack } from '@/lib/engine/pipeline/choose-track';
import { openTracks } from '@/lib/engine/pipeline/open-tracks';
import { createSegmenter } from '@/workers/segment/client';
import { createDecoder } from './client';
import { bestLag, fileOf, fixture, maxDifference, readAll } from './test-support';

const RATE_HZ = 16_000;
const decoders = {
  webcodecs: createDecoder(),
  ffmpeg: createDecoder({ decoder: 'ffmpeg' }),
};
const segmenter = createSegmenter();
afterAll(() => {
  for (const decoder of Object.values(decoders)) decoder.dispose();
  segmenter.dispose();
});

/** The recording of the tests, twice. */
let speech: Float32Array;
beforeAll(async () => {
  const data = new Int16Array((await fixture('speech.wav')).slice(44).buffer);
  const once = Float32Array.from(data, (value) => value / 32_768);
  speech = new Float32Array(2 * once.length);
  speech.set(once);
  speech.set(once, once.length);
});

const scaled = (by: number) => speech.map((sample) => sample * by);
const silence = () => new Float32Array(speech.length);

function noise(seed: number): Float32Array {
  let state = seed;
  return speech.map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (0.3 * state) / 2 ** 31;
  });
}

interface Track {
  planes: Float32Array[];
  name?: string;
  languageCode?: string;
}

type Codec = 'pcm-s16' | 'pcm-f32' | 'opus';

/** A file with these tracks. */
async function muxed(format: OutputFormat, codec: Codec, tracks: Track[]): Promise<File> {
  const output = new Output({ format, target: new BufferTarget() });
  const encoding = codec === 'opus' ? { codec, bitrate: 96_000 } : { codec };
  const sources = tracks.map(({ planes: _, ...metadata }) => {
    const source = new AudioSampleSource(encoding);
    output.addAudioTrack(source, metadata);
    return source;
  });
  await output.start();
  await Promise.all(
    tracks.map(async ({ planes }, at) => {
      const data = new Float32Array(planes.length * speech.length);
      planes.forEach((plane, channel) => {
        data.set(plane, channel * speech.length);
      });
      const sample = new AudioSample({
        data,
        format: 'f32-planar',
        numberOfChannels: planes.length,
        sampleRate: RATE_HZ,
        timestamp: 0,
      });
      await sources[at]?.add(sample);
      sample.close();
      sources[at]?.close();
    }),
  );
  await output.finalize();
  const { buffer } = output.target;
  if (!buffer) throw new Error('Nothing was written.');
  return fileOf(buffer);
}

/** Of the first seconds, some milliseconds to and fro: codecs and containers round. */
function likeness(a: Float32Array, b: Float32Array): number {
  const end = 6 * RATE_HZ;
  return bestLag(a.subarray(0, end), b.subarray(0, end), 120).correlation;
}

describe.each([
  ['MP4', () => new Mp4OutputFormat(), 'opus'],
  ['Matroska', () => new MkvOutputFormat(), 'pcm-s16'],
] as const)('the tracks of %s', (_container, format, codec) => {
  let file: File;
  beforeAll(async () => {
    file = await muxed(format(), codec, [
      { planes: [silence()], languageCode: 'eng' },
      { planes: [speech], name: 'The film', languageCode: 'fra' },
      { planes: [noise(1), noise(2)] },
    ]);
  });

  it(`are listed, and the one that is asked for is read (${codec})`, async () => {
    for (const [path, track] of [
      ['webcodecs', 0],
      ['webcodecs', 1],
      ['webcodecs', 2],
      ['ffmpeg', 1],
    ] as const) {
      const session = await decoders[path].open(file, { startSample: 0, track });
      const { audioTracks, audioTrack, channels, decoder } = session.info;
      expect([decoder, audioTrack, channels]).toEqual([path, track, track === 2 ? 2 : 1]);
      expect(audioTracks.map(({ language }) => language)).toEqual(['eng', 'fra', null]);
      const { pcm } = await readAll(session, 10 * RATE_HZ);
      await session.close();
      expect(likeness(speech, pcm) > 0.95).toBe(track === 1);
    }
  });

  it(`are chosen by where speech is (${codec})`, async () => {
    const session = await decoders.webcodecs.open(file, { startSample: 0 });
    const { audioTracks } = session.info;
    await session.close();
    const signal = new AbortController().signal;
    const stages = { decoder: decoders.webcodecs, segmenter };
    expect(await chooseTrack(file, audioTracks, stages, signal)).toBe(1);
  });

  it(`are read on where a run was broken off (${codec})`, async () => {
    const whole = await readAll(await decoders.webcodecs.open(file, { startSample: 0, track: 1 }));
    const startSample = 234_567;
    const late = await decoders.webcodecs.open(file, { startSample, track: 1 });
    const rest = await readAll(late);
    await late.close();
    const tolerance = codec === 'opus' ? 1 / 32_768 : 0;
    expect(rest.pcm.length).toBe(whole.pcm.length - startSample);
    expect(maxDifference(rest.pcm, whole.pcm.subarray(startSample))).toBeLessThanOrEqual(tolerance);
  });
});

describe('the channels of a track', () => {
  const cases: [string, () => Float32Array[]][] = [
    ['of opposite phase', () => [speech, scaled(-1)]],
    ['with speech beside noise', () => [noise(3), speech]],
    [
      'of 5.1 with speech in the centre',
      () => [1, 2, 0, 4, 5, 6].map((n) => (n ? noise(n) : speech)),
    ],
    ['that are 60 dB down', () => [scaled(1e-3)]],
  ];

  it.each(cases)('%s give speech, the same from any sample, by either decoder', async (_, make) => {
    const file = await muxed(new MkvOutputFormat(), 'pcm-f32', [{ planes: make() }]);
    const whole = await readAll(await decoders.webcodecs.open(file, { startSample: 0 }));
    expect(likeness(speech, whole.pcm)).toBeGreaterThan(0.99);
    for (const [path, startSample] of [
      ['webcodecs', 1],
      ['webcodecs', 234_567],
      ['webcodecs', 330_001],
      ['ffmpeg', 234_567],
    ] as const) {
      const late = await decoders[path].open(file, { startSample });
      const rest = await readAll(late);
      await late.close();
      expect(rest.startSample).toBe(startSample);
      expect(maxDifference(rest.pcm, whole.pcm.subarray(startSample))).toBe(0);
    }
  });

  it('of opposite phase give speech also when they were coded with losses', async () => {
    const file = await muxed(new Mp4OutputFormat(), 'opus', [{ planes: [speech, scaled(-1)] }]);
    const { pcm } = await readAll(await decoders.webcodecs.open(file, { startSample: 0 }));
    expect(likeness(speech, pcm)).toBeGreaterThan(0.95);
  });
});

describe('files that are one recording', () => {
  it.each(['webcodecs', 'ffmpeg'] as const)(
    'are tracks, each from where it begins, and can be heard together (%s)',
    async (path) => {
      const first = await muxed(new MkvOutputFormat(), 'pcm-s16', [{ planes: [scaled(0.5)] }]);
      const second = await muxed(new Mp4OutputFormat(), 'opus', [{ planes: [scaled(0.3)] }]);
      const bundle = bundleFiles([
        { file: first, name: 'ann.mka', startMs: 0 },
        { file: second, name: 'ben.m4a', startMs: 1500 },
      ]);
      const file = new File([bundle], 'two.tar');
      const read = async (track: TrackIndex, startSample = 0) => {
        const session = await decoders[path].open(file, { startSample, track });
        const { audioTracks } = session.info;
        expect(audioTracks.map(({ name }) => name)).toEqual(['ann.mka', 'ben.m4a']);
        const all = await readAll(session);
        await session.close();
        return all;
      };
      const own = await readAll(await decoders[path].open(second, { startSample: 0 }));
      const late = await read(1);
      const shift = 1.5 * RATE_HZ;
      expect(maxDifference(late.pcm, new Float32Array(shift))).toBe(0);
      expect(late.pcm.length).toBe(shift + own.pcm.length);
      expect(maxDifference(late.pcm.subarray(shift), own.pcm)).toBe(0);
      for (const startSample of [8_000, shift, 123_456]) {
        const rest = await read(1, startSample);
        expect(rest.startSample).toBe(startSample);
        expect(maxDifference(rest.pcm, late.pcm.subarray(startSample))).toBe(0);
      }
      const early = await read(0);
      const mix = await read('all');
      expect(mix.pcm.length).toBe(late.pcm.length);
      const sum = late.pcm.map((sample, at) => sample + (early.pcm[at] ?? 0));
      expect(maxDifference(mix.pcm, sum)).toBeLessThan(1e-6);
    },
  );
});

describe('a file of one recording that cannot be read', () => {
  it('is left out, and the others are heard and transcribed', async () => {
    const ann = await muxed(new MkvOutputFormat(), 'pcm-s16', [{ planes: [scaled(0.5)] }]);
    const broken = new Blob([new Uint8Array(5000).fill(77)]);
    const file = new File(
      [
        bundleFiles([
          { file: broken, name: 'ben.mp3', startMs: 0 },
          { file: ann, name: 'ann.mka', startMs: 0 },
        ]),
      ],
      'two.tar',
    );
    const own = await readAll(await decoders.webcodecs.open(ann, { startSample: 0 }));
    const mix = await decoders.webcodecs.open(file, { startSample: 0, track: 'all' });
    expect(maxDifference((await readAll(mix)).pcm, own.pcm)).toBe(0);
    await mix.close();

    const opened: { close(): Promise<void> }[] = [];
    const { tracks } = await openTracks(
      file,
      {
        checkpoint: null,
        batches: 0,
        decoder: null,
        audioTrack: null,
        tracks: [],
        options: { modelId: 'm', hotWords: [], language: null, task: 'transcribe' },
      },
      { decoder: decoders.webcodecs, segmenter },
      new AbortController().signal,
      opened,
    );
    const [ben, other] = tracks;
    expect(await ben?.session.read()).toBeNull();
    expect(await ben?.segments.finish()).toEqual([]);
    expect(ben?.session.notices).toMatchObject([{ kind: 'track', track: { name: 'ben.mp3' } }]);
    expect(other && (await readAll(other.session)).pcm.length).toBe(own.pcm.length);
    for (const one of opened) await one.close();
  });
});

describe('the level that is reported', () => {
  it('is that before mixing', async () => {
    const loudest = scaled(0.5).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const file = await muxed(new MkvOutputFormat(), 'pcm-s16', [
      { planes: [scaled(0.5), scaled(-0.5)] },
    ]);
    const session = await decoders.webcodecs.open(file, { startSample: 0 });
    await readAll(session);
    expect(session.loudest).toBeCloseTo(loudest, 3);
    await session.close();
  });
});
