import {
  type AudioCodec,
  BlobSource,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny';
import type { FinishedRecording } from '@/lib/client/recording/finished-recording';
import { toAppError } from '@/lib/core';
import { BUNDLE_TYPE, bundleFiles } from '@/lib/engine/audio';
import {
  FINAL,
  findFile,
  MAX_TRACKS,
  type RecordingFolder,
  type SyncAccess,
  trackFile,
} from './folder';

/** Frame lengths in ms by the kind of coding: SILK, hybrid, CELT (RFC 6716, 3.1). */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];

/** Sound in an Opus packet, in seconds, as its first bytes state; 0 for an empty one. */
export function opusSeconds(packet: Uint8Array): number {
  const [contents, counted = 0] = packet;
  if (contents === undefined) return 0;
  const config = contents >> 3;
  const lengths = config < 12 ? SILK_MS : config < 16 ? HYBRID_MS : CELT_MS;
  // 12 and 16 are multiples of the length of the table: each table starts over there
  const frameMs = lengths[config % lengths.length] ?? 0;
  const code = contents & 3;
  const frames = code === 0 ? 1 : code === 3 ? counted & 63 : 2;
  return (frameMs * frames) / 1000;
}

/** Names of the tracks, for programs that show them. */
const TRACK_NAMES = ['Microphone', 'Tab or system audio'];

/** A track of a recording, as it was recorded. */
interface RecordedTrack {
  /** From 0. */
  index: number;
  raw: File;
  input: Input;
  audio: InputAudioTrack;
}

/**
 * Copies the packets of a recording's tracks into one file that knows its length and has an index; a track that
 * broke off gives everything up to its last whole packet. Nothing is re-encoded; times count the
 * sound itself, as those of marks and of the live text do. Where the copy
 * cannot be made (a full disk, a container that cannot be read) the recording itself is given: it
 * can be transcribed and played, only not sought in everywhere.
 * @returns `null` when there is no file, or no sound in it
 */
export async function finishRecording(
  folder: RecordingFolder,
  id: string,
): Promise<FinishedRecording | null> {
  const raws = await Promise.all(
    Array.from({ length: MAX_TRACKS }, async (_, track) =>
      (await findFile(folder, trackFile(id, track)))?.getFile(),
    ),
  );
  if (raws.every((raw) => !raw)) {
    // cut off between two steps: the recording itself was removed already
    const copy = await (await findFile(folder, id + FINAL))?.getFile();
    if (!copy) return null;
    return { file: copy, mediaType: await typeOf(copy), tracks: await tracksIn(copy) };
  }
  const inputs: Input[] = [];
  const opened: RecordedTrack[] = [];
  let failure: unknown = null;
  try {
    for (const [index, raw] of raws.entries()) {
      if (!raw || raw.size === 0) continue;
      const input = openInput(raw);
      inputs.push(input);
      const audio = await input.getPrimaryAudioTrack().catch((error: unknown) => {
        failure ??= error;
        return null;
      });
      if (audio && (await new EncodedPacketSink(audio).getFirstPacket()))
        opened.push({ index, raw, input, audio });
    }
    const [first] = opened;
    // one track that cannot be read does not keep the other from being kept
    if (!first && failure) throw failure;
    if (!first) return null;
    const mediaType = await typeOf(first.raw);
    const tracks = opened.map(({ index }) => index);
    return { file: await writeCopy(folder, id, opened, mediaType), mediaType, tracks };
  } catch (error) {
    console.warn('The recording is kept as it is', toAppError(error));
    await removeCopy(folder, id);
    return await asItIs(folder, id, raws);
  } finally {
    for (const input of inputs) input.dispose();
  }
}

const openInput = (file: Blob) =>
  new Input({ formats: [WEBM, MATROSKA, MP4], source: new BlobSource(file) });

/** Places of the tracks of a finished file. */
async function tracksIn(file: File): Promise<number[]> {
  const input = openInput(file);
  try {
    return (await input.getAudioTracks()).map((_, index) => index);
  } finally {
    input.dispose();
  }
}

/** One track's file, or both put together. */
async function asItIs(
  folder: RecordingFolder,
  id: string,
  raws: readonly (File | undefined)[],
): Promise<FinishedRecording | null> {
  const kept = raws.flatMap((raw, index) => (raw && raw.size > 0 ? [{ raw, index }] : []));
  const [first] = kept;
  if (!first) return null;
  const tracks = kept.map(({ index }) => index);
  if (kept.length === 1) return { file: first.raw, mediaType: await typeOf(first.raw), tracks };
  const bundle = bundleFiles(
    kept.map(({ raw, index }) => ({ file: raw, name: TRACK_NAMES[index] ?? '', startMs: 0 })),
  );
  const handle = await folder.getFileHandle(id + FINAL, { create: true });
  try {
    await bundle.stream().pipeTo(await handle.createWritable());
  } catch (error) {
    await removeCopy(folder, id);
    throw error;
  }
  return { file: await handle.getFile(), mediaType: BUNDLE_TYPE, tracks };
}

/** WebM begins as every Matroska file does; the other kind that browsers record is MP4. */
async function typeOf(file: File): Promise<string> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const isMatroska = [0x1a, 0x45, 0xdf, 0xa3].every((byte, at) => start[at] === byte);
  return isMatroska ? 'audio/webm' : 'audio/mp4';
}

async function writeCopy(
  folder: RecordingFolder,
  id: string,
  tracks: readonly RecordedTrack[],
  mediaType: string,
): Promise<File> {
  const handle = await folder.getFileHandle(id + FINAL, { create: true });
  const out = await handle.createSyncAccessHandle();
  try {
    // what an earlier try left
    out.truncate(0);
    await copyPackets(tracks, out, mediaType);
    out.flush();
  } finally {
    out.close();
  }
  return handle.getFile();
}

async function copyPackets(
  tracks: readonly RecordedTrack[],
  out: SyncAccess,
  mediaType: string,
): Promise<void> {
  const output = new Output({
    format: mediaType === 'audio/webm' ? new WebMOutputFormat() : new Mp4OutputFormat(),
    target: new StreamTarget(sinkOf(out)),
  });
  const copies: TrackCopy[] = [];
  for (const { index, audio } of tracks) {
    const { codec } = audio;
    const decoderConfig = await audio.getDecoderConfig();
    if (!codec || !decoderConfig) throw new Error('The codec of the recording is not known.');
    const source = new EncodedAudioPacketSource(codec);
    const name = TRACK_NAMES[index];
    output.addAudioTrack(source, tracks.length > 1 && name !== undefined ? { name } : {});
    copies.push({
      packets: placedPackets(audio, codec),
      next: null,
      add: (packet) => source.add(packet, { decoderConfig }),
      close: () => source.close(),
    });
  }
  await output.start();
  for (const copy of copies) copy.next = (await copy.packets.next()).value ?? null;
  // side by side: the muxer holds what runs ahead in memory
  for (let left = copies.filter(hasNext); left.length > 0; left = left.filter(hasNext)) {
    const first = left.reduce((one, other) =>
      other.next.timestamp < one.next.timestamp ? other : one,
    );
    await first.add(first.next);
    const copy: TrackCopy = first;
    copy.next = (await copy.packets.next()).value ?? null;
    if (!copy.next) copy.close();
  }
  await output.finalize();
}

/** A track that is being copied. */
interface TrackCopy {
  packets: AsyncGenerator<EncodedPacket, void>;
  /** `null`: it is over. */
  next: EncodedPacket | null;
  add(packet: EncodedPacket): Promise<void>;
  close(): void;
}

const hasNext = (copy: TrackCopy): copy is TrackCopy & { next: EncodedPacket } =>
  copy.next !== null;

/** Packets at the times of their sound, from 0. */
async function* placedPackets(
  track: InputAudioTrack,
  codec: AudioCodec,
): AsyncGenerator<EncodedPacket, void> {
  let firstSeconds: number | null = null;
  let atSeconds = 0;
  for await (const packet of wholePackets(track)) {
    firstSeconds ??= packet.timestamp;
    // browsers stamp a packet by when its sound came in, which on a busy machine is late and looks
    // like a gap; the coder drops nothing: its packets follow one another
    const place =
      codec === 'opus'
        ? { timestamp: atSeconds, duration: opusSeconds(packet.data) }
        : { timestamp: packet.timestamp - firstSeconds };
    yield packet.clone(place);
    atSeconds += place.duration ?? 0;
  }
}

/** All packets up to the position where the file breaks off. */
async function* wholePackets(track: InputAudioTrack) {
  const packets = new EncodedPacketSink(track).packets();
  for (;;) {
    try {
      const { value, done } = await packets.next();
      if (done) return;
      yield value;
    } catch (error) {
      console.warn('The recording breaks off in the middle of a packet', toAppError(error));
      return;
    }
  }
}

/** Writes where the muxer says, as it comes. */
function sinkOf(out: SyncAccess): WritableStream<StreamTargetChunk> {
  return new WritableStream({
    write({ data, position }) {
      const written = out.write(data, { at: position });
      if (written !== data.length)
        throw new DOMException('The disk is full.', 'QuotaExceededError');
    },
  });
}

async function removeCopy(folder: RecordingFolder, id: string): Promise<void> {
  try {
    await folder.removeEntry(id + FINAL);
  } catch (error) {
    console.warn('There is no copy to remove', toAppError(error));
  }
}
