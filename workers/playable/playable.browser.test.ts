import {
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import { createDecoder } from '../decode/client';
import { bestLag, fileOf, fixture, readAll } from '../decode/test-support';
import { createPlayableWriter } from './client';
import { playedOff, vbrMp3, wrongXing } from './test-playing';

const decoder = createDecoder();
const writer = createPlayableWriter();
let folder: FileSystemDirectoryHandle;
let rows: Record<string, { source: File; from: 'packets' | 'sound'; atSeconds: number }>;

beforeAll(async () => {
  folder = await navigator.storage.getDirectory();
  const speech = await fixture('speech-cbr.mp3');
  const vbr = vbrMp3(speech);
  rows = {
    'VBR MP3 without a note': { source: fileOf(...vbr), from: 'packets', atSeconds: 135.7 },
    'VBR MP3 with a wrong note': {
      source: fileOf(...wrongXing(vbr)),
      from: 'packets',
      atSeconds: 135.7,
    },
    'joined MP3 files': {
      source: fileOf(...wrongXing(vbr), ...wrongXing(vbr)),
      from: 'packets',
      atSeconds: 278.3,
    },
    'bare AAC': {
      source: fileOf(await fixture('speech.aac'), await fixture('speech.aac')),
      from: 'packets',
      atSeconds: 14.1,
    },
    'AC-3 in Matroska': {
      source: fileOf(await fixture('speech-ac3.mkv')),
      from: 'sound',
      atSeconds: 7.4,
    },
    'MPEG transport stream': {
      source: fileOf(await fixture('speech.mpegts')),
      from: 'sound',
      atSeconds: 7.4,
    },
    'WebM, copied': {
      source: fileOf(await fixture('speech.webm')),
      from: 'packets',
      atSeconds: 7.4,
    },
  };
});

afterAll(async () => {
  decoder.dispose();
  writer.dispose();
  await folder.removeEntry('copy');
});

/** A film with two audio tracks: another voice, then the speech. */
async function twoTracks(): Promise<File> {
  const [film, other] = await Promise.all(
    ['speech.mp4', 'speech.m4a'].map(
      async (name) =>
        new Input({ formats: [MP4], source: new BlobSource(fileOf(await fixture(name))) }),
    ),
  );
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
  const video = await film?.getPrimaryVideoTrack();
  const sounds = [await other?.getPrimaryAudioTrack(), await film?.getPrimaryAudioTrack()];
  const picture = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(picture);
  const sources = sounds.map(() => new EncodedAudioPacketSource('aac'));
  for (const source of sources) output.addAudioTrack(source);
  await output.start();
  const copy = async (
    track: InputAudioTrack | InputVideoTrack | null | undefined,
    add: (packet: EncodedPacket, meta: object) => Promise<void>,
    shiftSeconds: number,
  ) => {
    if (!track) throw new Error('A track is missing.');
    const decoderConfig = await track.getDecoderConfig();
    for await (const packet of new EncodedPacketSink(track).packets())
      await add(packet.clone({ timestamp: packet.timestamp + shiftSeconds }), { decoderConfig });
  };
  await Promise.all([
    copy(video, (packet, meta) => picture.add(packet, meta), 0),
    ...sources.map((source, at) =>
      // the other one late: what plays from it is not the speech
      copy(sounds[at], (packet, meta) => source.add(packet, meta), at === 0 ? 2 : 0),
    ),
  ]);
  await output.finalize();
  return fileOf(output.target.buffer ?? new ArrayBuffer(0));
}

const power = (a: Float32Array) => a.reduce((sum, value) => sum + value * value, 0) / a.length;

/** An encoder may shift what it writes by some milliseconds, in samples. */
const SHIFT_SAMPLES = 160;

/** 1: the same sound, 0: nothing in common. */
const likeness = (a: Float32Array, b: Float32Array) => bestLag(a, b, SHIFT_SAMPLES).correlation;

describe('a playable copy', () => {
  it.each([
    'VBR MP3 without a note',
    'VBR MP3 with a wrong note',
    'joined MP3 files',
    'bare AAC',
    'AC-3 in Matroska',
    'MPEG transport stream',
    'WebM, copied',
  ])('plays what was transcribed, at its place: %s', async (name) => {
    const row = rows[name];
    if (!row) throw new Error(`No row ${name}`);
    const { source, from, atSeconds } = row;
    const { pcm } = await readAll(await decoder.open(source, { startSample: 0 }));
    const file = await folder.getFileHandle('copy', { create: true });
    const written = await writer.write({
      source,
      file,
      track: 0,
      from,
      withVideo: false,
      decoder: 'auto',
    });
    const copy = await file.getFile();
    expect(written.sizeBytes).toBe(copy.size);
    expect(Math.abs(written.durationMs - (pcm.length * 1000) / SAMPLE_RATE_HZ)).toBeLessThan(60);
    const { offMs, likeness } = await playedOff(copy, pcm, atSeconds);
    expect(likeness).toBeGreaterThan(0.9);
    expect(Math.abs(offMs)).toBeLessThan(10);
  });

  it('holds the track that was transcribed, and the picture', async () => {
    const source = await twoTracks();
    const { pcm } = await readAll(
      await decoder.open(fileOf(await fixture('speech.mp4')), { startSample: 0 }),
    );
    const file = await folder.getFileHandle('copy', { create: true });
    const order = { source, file, from: 'packets', decoder: 'auto' } as const;
    const written = await writer.write({ ...order, track: 1, withVideo: true });
    expect(written).toMatchObject({ mediaType: 'video/mp4', hasVideo: true });
    const { offMs, likeness } = await playedOff(await file.getFile(), pcm, 7.4);
    expect(likeness).toBeGreaterThan(0.9);
    expect(Math.abs(offMs)).toBeLessThan(10);
  });

  it.each(['tone', 'silence'] as const)('holds nothing of what is covered: %s', async (filling) => {
    const source = fileOf(await fixture('speech.m4a'));
    const { pcm } = await readAll(await decoder.open(source, { startSample: 0 }));
    const file = await folder.getFileHandle('copy', { create: true });
    const order = { source, file, track: 0, from: 'sound', withVideo: false } as const;
    const spans = [{ startMs: 2000, endMs: 3000 }];
    await writer.write({ ...order, decoder: 'auto', cover: { spans, with: filling } });
    const copy = await readAll(await decoder.open(await file.getFile(), { startSample: 0 }));
    const at = (seconds: number, toSeconds: number) =>
      [pcm, copy.pcm].map((all) =>
        all.slice(seconds * SAMPLE_RATE_HZ, toSeconds * SAMPLE_RATE_HZ),
      ) as [Float32Array, Float32Array]; // of two
    expect(likeness(...at(1, 1.9))).toBeGreaterThan(0.9);
    expect(likeness(...at(3.1, 5))).toBeGreaterThan(0.9);
    const [spoken, covered] = at(2, 3);
    expect(power(spoken)).toBeGreaterThan(1e-4);
    expect(likeness(spoken, covered)).toBeLessThan(0.2);
    // half of the square of the tone's amplitude
    if (filling === 'tone') expect(power(covered)).toBeCloseTo(0.05 ** 2 / 2, 4);
    else expect(power(covered)).toBeLessThan(1e-6); // what an encoder makes of silence
  });

  it('leaves nothing after when it is cancelled', async () => {
    const row = rows['VBR MP3 without a note'];
    if (!row) throw new Error('No row');
    const file = await folder.getFileHandle('copy', { create: true });
    const scope = new AbortController();
    const order = { source: row.source, file, track: 0, withVideo: false } as const;
    const writing = writer.write(
      { ...order, from: 'sound', decoder: 'auto' },
      { signal: scope.signal, onProgress: () => scope.abort() },
    );
    await expect(writing).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(async () => (await file.getFile()).size).toBe(0);
  });
});
