import { Mp4OutputFormat, Output, StreamTarget, type StreamTargetChunk } from 'mediabunny';
import { throwIfAborted } from '@/lib/core';
import { SAMPLE_RATE_HZ, wavHeader } from '@/lib/engine/audio';
import type { Feed, Piece, SoundRun, VideoFeed } from '@/lib/engine/decode';

interface Options {
  signal: AbortSignal;
  /** Called with how much of the sound is written. */
  onProgress(seconds: number): void;
}

/**
 * Writes an MP4 file with an index of every packet: what players seek in exactly.
 * @returns where its sound ends, in seconds
 */
export async function writeMp4(
  out: FileSystemSyncAccessHandle,
  { audio, video }: { audio: Feed; video: VideoFeed | null },
  { signal, onProgress }: Options,
): Promise<number> {
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: false }),
    target: new StreamTarget(sinkOf(out)),
  });
  if (video) output.addVideoTrack(video.source, { rotation: video.rotation });
  output.addAudioTrack(audio.source);
  let endSeconds = 0;
  try {
    await output.start();
    let sound = await audio.next(signal);
    let picture = (await video?.next(signal)) ?? null;
    // side by side, as they are played: the muxer holds what runs ahead in memory
    while (sound || picture) {
      throwIfAborted(signal);
      if (sound && isNext(sound, picture)) {
        await sound.add();
        endSeconds = Math.max(endSeconds, sound.endSeconds);
        onProgress(endSeconds);
        sound = await audio.next(signal);
      } else {
        await picture?.add();
        picture = (await video?.next(signal)) ?? null;
      }
    }
    audio.source.close();
    video?.source.close();
    await output.finalize();
    return endSeconds;
  } catch (error) {
    await output.cancel();
    throw error;
  } finally {
    audio.close();
    video?.close();
  }
}

const isNext = (sound: Piece, picture: Piece | null) =>
  picture === null || sound.startSeconds <= picture.startSeconds;

/**
 * Writes what the decoder gives as a WAV file, for browsers that encode nothing.
 * @returns its length in seconds
 */
export async function writeWav(
  out: FileSystemSyncAccessHandle,
  run: SoundRun,
  { signal, onProgress }: Options,
): Promise<number> {
  const format = { rateHz: SAMPLE_RATE_HZ, channels: 1 };
  let samples = 0;
  let at = wavHeader(0, format).length;
  const headerBytes = at;
  try {
    for (;;) {
      throwIfAborted(signal);
      const chunk = await run.read(signal);
      if (!chunk) break;
      const pcm = Int16Array.from(chunk.pcm, (value) => Math.max(-1, Math.min(1, value)) * 32_767);
      write(out, new Uint8Array(pcm.buffer), at);
      at += pcm.byteLength;
      samples += pcm.length;
      onProgress(samples / SAMPLE_RATE_HZ);
    }
  } finally {
    run.close();
  }
  write(out, wavHeader(at - headerBytes, format), 0);
  return samples / SAMPLE_RATE_HZ;
}

function sinkOf(out: FileSystemSyncAccessHandle): WritableStream<StreamTargetChunk> {
  return new WritableStream({ write: ({ data, position }) => write(out, data, position) });
}

function write(out: FileSystemSyncAccessHandle, data: Uint8Array<ArrayBuffer>, at: number): void {
  if (out.write(data, { at }) !== data.length)
    throw new DOMException('The disk is full.', 'QuotaExceededError');
}
