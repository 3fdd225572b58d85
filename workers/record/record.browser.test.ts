import {
  AudioSample,
  AudioSampleSource,
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  MkvOutputFormat,
  MP4,
  Output,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RecordingFiles } from '@/lib/client/recording/ports';
import { startRecorder } from '@/lib/client/recording/recording-session';
import { newPrivateLibrary } from '@/lib/client/store/library-files';
import { BUNDLE_TYPE } from '@/lib/engine/audio';
import { createDecoder } from '@/workers/decode/client';
import { createRecordingFiles } from './client';
import { opusSeconds } from './finish';

let files: RecordingFiles & { dispose(): void };
let id = '';

const fresh = (library: string | null = null) => {
  files = createRecordingFiles(library);
  id = crypto.randomUUID();
  return files;
};

afterEach(async () => {
  for (const one of await files.list()) await files.remove(one);
  files.dispose();
});

/** Sound in all packets of a file, in ms; gaps between their stamps do not count. */
async function soundMs(blob: Blob): Promise<number> {
  let seconds = 0;
  for (const { data } of await packetsOf(blob)) seconds += opusSeconds(data);
  return seconds * 1000;
}

/** A tone through the browser's own recorder; pauses at the given times. */
async function recordTone(seconds: number, pauseAtSeconds: number | null = null) {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 440 });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  tone.connect(destination);
  tone.start();
  const pieces: ArrayBuffer[] = [];
  const errors: unknown[] = [];
  const recorder = startRecorder(
    destination.stream,
    (bytes) => pieces.push(bytes),
    (error) => errors.push(error),
  );
  const startedAt = context.currentTime;
  const reach = (at: number) =>
    expect
      .poll(() => context.currentTime - startedAt, { timeout: 20_000, interval: 20 })
      .toBeGreaterThan(at);
  let pausedSeconds = 0;
  if (pauseAtSeconds !== null) {
    await reach(pauseAtSeconds);
    recorder.pause();
    const pausedAt = context.currentTime;
    await reach(pauseAtSeconds + 1.5);
    pausedSeconds = context.currentTime - pausedAt;
    recorder.resume();
  }
  await reach(seconds + pausedSeconds);
  await recorder.stop();
  await context.close();
  expect(errors).toEqual([]);
  // not by the clock: on a busy machine the recorder begins, pauses and ends later than it is asked to
  const lengthMs = await soundMs(new Blob([...pieces]));
  expect(lengthMs).toBeGreaterThan(seconds * 700);
  return { pieces, lengthMs, mediaType: recorder.mediaType };
}

async function write(pieces: readonly ArrayBuffer[], track = 0): Promise<void> {
  const file = await files.begin(id, track);
  for (const piece of pieces) await file.append(piece.slice(0));
  await file.close();
}

/** Length of what the app's own decoder makes of it, in ms. */
async function decodedMs(source: Blob, track: number | null = null): Promise<number> {
  const decoder = createDecoder();
  try {
    const session = await decoder.open(source, { startSample: 0, track });
    let samples = 0;
    for (let chunk = await session.read(); chunk; chunk = await session.read())
      samples += chunk.pcm.length;
    await session.close();
    return samples / 16;
  } finally {
    decoder.dispose();
  }
}

/** What the browser's player says of a file. */
async function playerOf(file: Blob): Promise<{ durationMs: number; soughtMs: number }> {
  const url = URL.createObjectURL(file);
  try {
    const player = new Audio(url);
    await new Promise((resolve, reject) => {
      player.addEventListener('loadedmetadata', resolve, { once: true });
      player.addEventListener('error', () => reject(player.error), { once: true });
    });
    const wanted = (player.duration * 2) / 3;
    await new Promise((resolve) => {
      player.addEventListener('seeked', resolve, { once: true });
      player.currentTime = wanted;
    });
    return { durationMs: player.duration * 1000, soughtMs: player.currentTime * 1000 };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** All packets of a file, in order. */
async function packetsOf(blob: Blob): Promise<EncodedPacket[]> {
  const input = new Input({ formats: [WEBM, MP4], source: new BlobSource(blob) });
  const track = await input.getPrimaryAudioTrack();
  const packets: EncodedPacket[] = [];
  if (track)
    for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  input.dispose();
  return packets;
}

/** Packets of mono Opus as a file. */
async function webmOf(packets: readonly EncodedPacket[]): Promise<ArrayBuffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: 48_000 };
  for (const packet of packets) await source.add(packet, { decoderConfig });
  await output.finalize();
  return target.buffer ?? new ArrayBuffer(0);
}

/** A second of uncompressed sound in a container as browsers record into. */
async function matroskaOf(data: Float32Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new MkvOutputFormat(), target });
  const source = new AudioSampleSource({ codec: 'pcm-s16' });
  output.addAudioTrack(source);
  await output.start();
  const sample = new AudioSample({
    data,
    format: 'f32',
    numberOfChannels: 1,
    sampleRate: 16_000,
    timestamp: 0,
  });
  await source.add(sample);
  sample.close();
  await output.finalize();
  return target.buffer ?? new ArrayBuffer(0);
}

const joined = (pieces: readonly ArrayBuffer[]) => new Blob([...pieces]).arrayBuffer();

describe('recordings in OPFS', () => {
  it('become files that know their length and can be sought in', async () => {
    fresh();
    const { pieces, lengthMs, mediaType } = await recordTone(4);
    expect(mediaType).toBe('audio/webm;codecs=opus');
    expect(pieces.length).toBeGreaterThanOrEqual(4);
    await write(pieces);
    const finished = await files.finish(id);
    expect(finished?.mediaType).toBe('audio/webm');
    const file = finished?.file ?? new File([], '');
    const { durationMs, soughtMs } = await playerOf(file);
    expect(Math.abs(durationMs - lengthMs)).toBeLessThan(300);
    expect(Math.abs(soughtMs - (durationMs * 2) / 3)).toBeLessThan(100);
    expect(Math.abs((await decodedMs(file)) - lengthMs)).toBeLessThan(300);
    // once more, as after a crash in the middle of it
    expect((await files.finish(id))?.file.size).toBe(file.size);
  });

  it('have no hole where they were paused', async () => {
    fresh();
    const { pieces, lengthMs } = await recordTone(4, 2);
    await write(pieces);
    const { file } = (await files.finish(id)) ?? { file: new File([], '') };
    expect(Math.abs((await playerOf(file)).durationMs - lengthMs)).toBeLessThan(400);
    expect(Math.abs((await decodedMs(file)) - lengthMs)).toBeLessThan(400);
  });

  it('give what is whole when they break off anywhere', async () => {
    fresh();
    const { pieces, lengthMs } = await recordTone(4);
    const whole = await joined(pieces);
    for (const share of [0.97, 0.8, 0.55, 0.3]) {
      id = crypto.randomUUID();
      await write([whole.slice(0, Math.floor(whole.byteLength * share))]);
      const { file } = (await files.finish(id)) ?? { file: new File([], '') };
      const { durationMs } = await playerOf(file);
      // the tone is coded evenly: what is lost is what is missing, and the cluster that is torn (one
      // is written each second)
      expect(durationMs).toBeGreaterThan(lengthMs * share - 1_200);
      expect(durationMs).toBeLessThan(lengthMs * share + 300);
      expect(Math.abs((await decodedMs(file)) - durationMs)).toBeLessThan(200);
    }
  });

  it('have no gaps where a busy browser stamped its packets late', async () => {
    fresh();
    const { pieces } = await recordTone(3);
    const given = await packetsOf(new Blob([...pieces]));
    // every fifth packet comes 40 ms late, as the browser counts
    const late = given.map((packet, at) =>
      packet.clone({ timestamp: packet.timestamp + (at % 5 === 4 ? 0.04 : 0) }),
    );
    await write([await webmOf(late)]);
    const { file } = (await files.finish(id)) ?? { file: new File([], '') };
    const packets = await packetsOf(file);
    expect(packets).toHaveLength(given.length);
    let atSeconds = 0;
    for (const { timestamp, data } of packets) {
      expect(Math.abs(timestamp - atSeconds)).toBeLessThan(0.002);
      atSeconds += opusSeconds(data);
    }
    expect(atSeconds).toBeGreaterThan(2.5);
  });

  it('keep microphone and tab apart, in one file, also where one of them breaks off', async () => {
    fresh();
    const { pieces } = await recordTone(3);
    await write(pieces);
    const whole = await joined(pieces);
    await write([whole.slice(0, Math.floor(whole.byteLength * 0.6))], 1);
    expect(await files.list()).toEqual([id]);
    const finished = await files.finish(id);
    expect(finished).toMatchObject({ mediaType: 'audio/webm', tracks: [0, 1] });
    const file = finished?.file ?? new File([], '');
    const [microphone, tab] = [await decodedMs(file, 0), await decodedMs(file, 1)];
    expect(microphone).toBeGreaterThan(2_000);
    expect(tab).toBeGreaterThan(700);
    expect(tab).toBeLessThan(microphone - 500);
    // once more, as after a crash in the middle of it, and after the originals were removed
    expect((await files.finish(id))?.file.size).toBe(file.size);
  });

  it('have one track where only one of two inputs was heard', async () => {
    fresh();
    await write([]);
    await write((await recordTone(2)).pieces, 1);
    const finished = await files.finish(id);
    expect(finished?.tracks).toEqual([1]);
    expect(await decodedMs(finished?.file ?? new File([], ''))).toBeGreaterThan(1_000);
    await files.remove(id);
    expect(await files.list()).toEqual([]);
  });

  it('keep the track that can be read where the other cannot, and both where they do not fit together', async () => {
    fresh();
    const { pieces } = await recordTone(2);
    await write(pieces);
    await write([new TextEncoder().encode('no container').buffer], 1);
    expect(await files.finish(id)).toMatchObject({ mediaType: 'audio/webm', tracks: [0] });

    id = crypto.randomUUID();
    await write(pieces);
    // WebM holds no such sound
    await write([await matroskaOf(new Float32Array(16_000))], 1);
    const finished = await files.finish(id);
    expect(finished).toMatchObject({ mediaType: 'application/x-tar', tracks: [0, 1] });
    const file = finished?.file ?? new File([], '');
    expect(await decodedMs(file, 0)).toBeGreaterThan(1_000);
    expect(await decodedMs(file, 1)).toBe(1_000);
  });

  it('are as good in MP4, into which Safari records', async () => {
    fresh();
    const knows = vi
      .spyOn(MediaRecorder, 'isTypeSupported')
      .mockImplementation((type) => type.startsWith('audio/mp4'));
    const { pieces, lengthMs, mediaType } = await recordTone(4, 2).finally(() =>
      knows.mockRestore(),
    );
    expect(mediaType).toMatch(/^audio\/mp4/);
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    await write(pieces);
    const finished = await files.finish(id);
    expect(finished?.mediaType).toBe('audio/mp4');
    const file = finished?.file ?? new File([], '');
    const { durationMs, soughtMs } = await playerOf(file);
    expect(Math.abs(durationMs - lengthMs)).toBeLessThan(400);
    expect(Math.abs(soughtMs - (durationMs * 2) / 3)).toBeLessThan(100);
    expect(Math.abs((await decodedMs(file)) - lengthMs)).toBeLessThan(400);

    // and torn off in the middle of a fragment
    id = crypto.randomUUID();
    const whole = await joined(pieces);
    await write([whole.slice(0, Math.floor(whole.byteLength * 0.7))]);
    const torn = (await files.finish(id))?.file ?? new File([], '');
    const heard = await playerOf(torn);
    expect(heard.durationMs).toBeGreaterThan(lengthMs * 0.7 - 1_500);
    expect(heard.durationMs).toBeLessThan(lengthMs * 0.7 + 300);
    expect(Math.abs(heard.soughtMs - (heard.durationMs * 2) / 3)).toBeLessThan(100);
  });

  it('are nothing when they hold no sound', async () => {
    fresh();
    expect(await files.finish(id)).toBeNull();
    await write([]);
    expect(await files.finish(id)).toBeNull();
  });

  it('are kept as they are when they cannot be read', async () => {
    fresh();
    await write([new TextEncoder().encode('no container at all, though long enough').buffer]);
    const finished = await files.finish(id);
    expect(finished?.file.name).toBe(id);
    expect(await finished?.file.text()).toContain('no container');
  });

  it('cannot be begun twice', async () => {
    fresh();
    const file = await files.begin(id, 0);
    await expect(files.begin(id, 0)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await file.close();
    await expect(files.begin(id, 0)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('keep what was appended when their worker dies', async () => {
    let worker: Worker | null = null;
    files = createRecordingFiles(null, () => {
      worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
      return worker;
    });
    id = crypto.randomUUID();
    const file = await files.begin(id, 0);
    await file.append(Uint8Array.of(1, 2, 3).buffer);
    const dead = worker as Worker | null; // TypeScript does not see that it was set
    dead?.terminate();
    dead?.dispatchEvent(new ErrorEvent('error', { message: 'gone' }));
    await expect(file.append(Uint8Array.of(4).buffer)).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
    });
    const root = await navigator.storage.getDirectory();
    const handle = await (await root.getDirectoryHandle('recordings')).getFileHandle(id);
    expect([...new Uint8Array(await (await handle.getFile()).arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it('are listed by their ids and removed with their copies', async () => {
    fresh();
    const { pieces } = await recordTone(1);
    await write(pieces);
    await files.finish(id);
    expect(await files.list()).toEqual([id]);
    await files.remove(id);
    await files.remove(id);
    expect(await files.list()).toEqual([]);
  });
});

describe('recordings of a private session', () => {
  it('become the same files, in memory alone', async () => {
    fresh(newPrivateLibrary());
    const { pieces, lengthMs } = await recordTone(3);
    const before = await namesInOpfs();
    await write(pieces);
    await write(pieces, 1);
    expect(await files.list()).toEqual([id]);
    const finished = await files.finish(id);
    expect(finished).toMatchObject({ mediaType: 'audio/webm', tracks: [0, 1] });
    const file = finished?.file ?? new File([], '');
    expect(Math.abs((await playerOf(file)).durationMs - lengthMs)).toBeLessThan(300);
    expect(Math.abs((await decodedMs(file, 1)) - lengthMs)).toBeLessThan(300);
    expect(await namesInOpfs()).toEqual(before);
    await files.remove(id);
    expect(await files.finish(id)).toBeNull();
  });

  it('are kept as they are where they cannot be copied', async () => {
    fresh(newPrivateLibrary());
    const noise = crypto.getRandomValues(new Uint8Array(5000)).buffer;
    await write([noise]);
    await write([noise], 1);
    expect(await files.finish(id)).toMatchObject({ mediaType: BUNDLE_TYPE, tracks: [0, 1] });
  });
});

/** What lies in the private file system. */
async function namesInOpfs(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names.sort();
}
