import {
  BlobSource,
  canEncodeAudio,
  Input,
  MATROSKA,
  MP4,
  MPEG_TS,
  Mp4OutputFormat,
  Output,
  QTFF,
  StreamTarget,
  type StreamTargetChunk,
  WEBM,
} from 'mediabunny';
import { createCover, type WrittenPlayable } from '@/lib/client/playback/writer';
import { isAbort, isAppError, throwIfAborted, toAppError } from '@/lib/core';
import { probe, SAMPLE_RATE_HZ, wavHeader } from '@/lib/engine/audio';
import {
  type Feed,
  frameFeed,
  openRun,
  type Piece,
  type SoundRun,
  soundFeed,
  trackFeed,
  type VideoFeed,
  videoFeed,
} from '@/lib/engine/decode';
import { serve } from '@/lib/engine/rpc';
import type { PlayableMethods } from './protocol';

interface Mp4Options {
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
  { signal, onProgress }: Mp4Options,
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
  { signal, onProgress }: Mp4Options,
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

type Params = PlayableMethods['write']['params'];
type Options = Parameters<typeof writeMp4>[2];
type Written = Omit<WrittenPlayable, 'sizeBytes'>;

/** Containers with a clock for both sound and picture. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

serve<PlayableMethods>(self, {
  async write(params, { signal, progress }) {
    const out = await open(params.file);
    const options: Options = {
      signal,
      onProgress: (seconds) => progress({ doneMs: Math.round(seconds * 1000) }),
    };
    try {
      const written = await firstThatWorks(
        [
          ...(params.from === 'packets' ? [() => copyPackets(params, out, options)] : []),
          ...(params.withVideo ? [() => encodeSound(params, out, options, true)] : []),
          () => encodeSound(params, out, options, false),
        ],
        () => out.truncate(0),
      );
      out.flush();
      return { ...written, sizeBytes: out.getSize() };
    } catch (error) {
      out.truncate(0);
      throw toAppError(error, 'DECODE_FAILED');
    } finally {
      out.close();
    }
  },
});

async function open(file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  try {
    const out = await file.createSyncAccessHandle();
    out.truncate(0);
    return out;
  } catch (error) {
    throw toAppError(error, 'STORE_FAILED');
  }
}

/** Tries one way after the other; what another way cannot help is not tried again. */
async function firstThatWorks(
  ways: (() => Promise<Written | null>)[],
  clear: () => void,
): Promise<Written> {
  let failure: unknown = new Error('There is no way to copy this recording.');
  for (const way of ways) {
    clear();
    try {
      const written = await way();
      if (written) return written;
    } catch (error) {
      if (isAbort(error) || toAppError(error).code === 'STORE_QUOTA') throw error;
      if (isAppError(error) && error.code.startsWith('SOURCE_')) throw error;
      console.warn('The recording is copied in another way', error);
      failure = error;
    }
  }
  throw failure;
}

/** @returns `null` when its packets cannot be copied */
async function copyPackets(
  { source, track, withVideo }: Params,
  out: FileSystemSyncAccessHandle,
  options: Options,
): Promise<Written | null> {
  if (track === 'all') return null;
  const probed = await probe(source);
  if (probed.frames) {
    const audio = await frameFeed(source, probed);
    return audio && writeBoth(audio, null, out, options);
  }
  const input = openInput(source);
  try {
    if (!(await input.canRead())) return null;
    const audio = await trackFeed(input, source, track);
    return audio && (await writeBoth(audio, withVideo ? { input, source } : null, out, options));
  } finally {
    input.dispose();
  }
}

async function encodeSound(
  { source, track, decoder, assets, cover }: Params,
  out: FileSystemSyncAccessHandle,
  options: Options,
  withVideo: boolean,
): Promise<Written | null> {
  const choices = { decoder, ffmpegFlow: 'auto' } as const;
  const whole = await openRun({ source, startSample: 0, track, assets, choices }, options.signal);
  const run = cover ? covered(whole, cover) : whole;
  const format = { numberOfChannels: 1, sampleRate: SAMPLE_RATE_HZ };
  if (!(await canEncodeAudio('opus', format))) {
    const seconds = await writeWav(out, run, options);
    return { mediaType: 'audio/wav', durationMs: Math.round(seconds * 1000), hasVideo: false };
  }
  const input = withVideo ? openInput(source) : null;
  try {
    const isReadable = input !== null && (await input.canRead());
    return await writeBoth(soundFeed(run), isReadable ? { input, source } : null, out, options);
  } finally {
    input?.dispose();
  }
}

/** What a run gives, without what is not to be heard. */
function covered(run: SoundRun, cover: NonNullable<Params['cover']>): SoundRun {
  const hide = createCover(cover);
  return {
    async read(signal) {
      const chunk = await run.read(signal);
      if (chunk) hide(chunk.pcm, chunk.startSample);
      return chunk;
    },
    close: () => run.close(),
  };
}

/** @param pictures where the picture comes from, if one is wanted */
async function writeBoth(
  audio: Feed,
  pictures: { input: Input; source: Blob } | null,
  out: FileSystemSyncAccessHandle,
  options: Options,
): Promise<Written> {
  const video = pictures && (await videoFeed(pictures.input, pictures.source));
  const seconds = await writeMp4(out, { audio, video }, options);
  return {
    mediaType: video ? 'video/mp4' : 'audio/mp4',
    durationMs: Math.round(seconds * 1000),
    hasVideo: video !== null,
  };
}

function openInput(source: Blob): Input {
  return new Input({
    formats: FORMATS,
    // a read ahead that is not awaited may fail; the next awaited one reports it
    source: new BlobSource(source, { handleUnhandledError: () => undefined }),
  });
}
