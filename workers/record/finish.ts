import {
  BlobSource,
  EncodedAudioPacketSource,
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
import { toAppError } from '@/lib/core';
import { FINAL, findFile } from './folder';
import { opusSeconds } from './opus';

/** A file that can be kept, and what it is. */
interface FinishedFile {
  file: File;
  mediaType: string;
}

/**
 * Copies the packets of a recording into a file that knows its length and has an index; one that
 * broke off gives everything up to its last whole packet. Nothing is re-encoded; times count the
 * sound itself, as those of marks and of the live text do. Where the copy
 * cannot be made (a full disk, a container that cannot be read) the recording itself is given: it
 * can be transcribed and played, only not sought in everywhere.
 * @returns `null` when there is no file, or no sound in it
 */
export async function finishRecording(
  folder: FileSystemDirectoryHandle,
  id: string,
): Promise<FinishedFile | null> {
  const raw = await (await findFile(folder, id))?.getFile();
  if (!raw || raw.size === 0) {
    // cut off between two steps: the recording itself was removed already
    const copy = await (await findFile(folder, id + FINAL))?.getFile();
    return copy && !raw ? { file: copy, mediaType: await typeOf(copy) } : null;
  }
  const input = new Input({ formats: [WEBM, MATROSKA, MP4], source: new BlobSource(raw) });
  try {
    const track = await input.getPrimaryAudioTrack();
    const sink = track && new EncodedPacketSink(track);
    if (!track || !(await sink?.getFirstPacket())) return null;
    const mediaType = await typeOf(raw);
    return { file: await writeCopy(folder, id, track, mediaType), mediaType };
  } catch (error) {
    console.warn('The recording is kept as it is', toAppError(error));
    await removeCopy(folder, id);
    return { file: raw, mediaType: await typeOf(raw) };
  } finally {
    input.dispose();
  }
}

/** WebM begins as every Matroska file does; the other kind that browsers record is MP4. */
async function typeOf(file: File): Promise<string> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const isMatroska = [0x1a, 0x45, 0xdf, 0xa3].every((byte, at) => start[at] === byte);
  return isMatroska ? 'audio/webm' : 'audio/mp4';
}

async function writeCopy(
  folder: FileSystemDirectoryHandle,
  id: string,
  track: InputAudioTrack,
  mediaType: string,
): Promise<File> {
  const handle = await folder.getFileHandle(id + FINAL, { create: true });
  const out = await handle.createSyncAccessHandle();
  try {
    // what an earlier try left
    out.truncate(0);
    await copyPackets(track, out, mediaType);
    out.flush();
  } finally {
    out.close();
  }
  return handle.getFile();
}

async function copyPackets(
  track: InputAudioTrack,
  out: FileSystemSyncAccessHandle,
  mediaType: string,
): Promise<void> {
  const { codec } = track;
  const decoderConfig = await track.getDecoderConfig();
  if (!codec || !decoderConfig) throw new Error('The codec of the recording is not known.');
  const output = new Output({
    format: mediaType === 'audio/webm' ? new WebMOutputFormat() : new Mp4OutputFormat(),
    target: new StreamTarget(sinkOf(out)),
  });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
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
    await source.add(packet.clone(place), { decoderConfig });
    atSeconds += place.duration ?? 0;
  }
  await output.finalize();
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
function sinkOf(out: FileSystemSyncAccessHandle): WritableStream<StreamTargetChunk> {
  return new WritableStream({
    write({ data, position }) {
      const written = out.write(data, { at: position });
      if (written !== data.length)
        throw new DOMException('The disk is full.', 'QuotaExceededError');
    },
  });
}

async function removeCopy(folder: FileSystemDirectoryHandle, id: string): Promise<void> {
  try {
    await folder.removeEntry(id + FINAL);
  } catch (error) {
    console.warn('There is no copy to remove', toAppError(error));
  }
}
