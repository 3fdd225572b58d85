import {
  BlobSource,
  FLAC,
  Input,
  type InputAudioTrack,
  MATROSKA,
  MatroskaInputFormat,
  MP4,
  MPEG_TS,
  MpegTsInputFormat,
  OGG,
  QTFF,
  WAVE,
  WaveInputFormat,
  WEBM,
} from 'mediabunny';
import { isAppError } from '@/lib/core';
import {
  type AudioTrackInfo,
  type MediaInfo,
  type Probe,
  readError,
  statedWavSeconds,
} from '@/lib/engine/audio';
import { type BlockSource, MixedBlocks, type MonoSource } from './blocks';
import { CodecBlocks, isDecodable, planRestarts } from './codec-blocks';
import { FfmpegBlocks, type FfmpegOptions, type FfmpegTimes } from './ffmpeg-blocks';
import { knownLanguage, knownName } from './ffmpeg-report';
import { FramePackets } from './frame-packets';
import { PcmBlocks } from './pcm-blocks';
import { originSeconds, TrackPackets } from './track-packets';

/** A source that is being decoded, one way or the other. */
export interface OpenSource {
  info: MediaInfo;
  blocks: MonoSource;
  /** What the container states as the sound's own length, in seconds; `null` when nothing. */
  expectedSeconds: number | null;
}

/** Containers that mediabunny takes apart. Playlists are left out: they would load other files. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MPEG_TS];

/**
 * Opens the fast path: the browser's own decoders.
 * @param fromSeconds where decoding should begin, warm-up included
 * @param wanted index of the audio track; `null`: the one that players take
 * @returns `null` when it cannot take this source, which says nothing of ffmpeg
 */
export async function openFast(
  source: Blob,
  probe: Probe,
  fromSeconds: number,
  wanted: number | null,
): Promise<OpenSource | null> {
  try {
    if (probe.frames) return await openFrames(source, probe, fromSeconds);
    return await openContainer(source, probe, fromSeconds, wanted);
  } catch (cause) {
    const error = readError(cause) ?? cause;
    if (isAppError(error)) throw error;
    return null; // a container that mediabunny stumbles over: ffmpeg has the last word
  }
}

async function openFrames(
  source: Blob,
  probe: Probe,
  fromSeconds: number,
): Promise<OpenSource | null> {
  const codec = probe.frames === 'adts' ? 'aac' : 'mp3';
  const restarts = planRestarts(codec, fromSeconds);
  const packets = await FramePackets.open(source, probe, restarts?.fromSeconds ?? fromSeconds);
  if (!packets || !(await isDecodable(packets.config))) return null;
  const { header, notedSeconds } = packets;
  return {
    blocks: new MixedBlocks(new CodecBlocks(packets, restarts)),
    expectedSeconds: notedSeconds,
    info: {
      mediaType: probe.mediaType,
      container: probe.name,
      codec,
      durationMs: toMs(notedSeconds ?? packets.estimatedSeconds),
      sampleRateHz: header.rateHz,
      channels: header.channels,
      hasVideo: false,
      audioTracks: [ONLY_TRACK],
      audioTrack: 0,
      decoder: 'webcodecs',
    },
  };
}

async function openContainer(
  source: Blob,
  probe: Probe,
  fromSeconds: number,
  wanted: number | null,
): Promise<OpenSource | null> {
  const input = openInput(source);
  let opened: OpenSource | null = null;
  try {
    opened = await openTrack(source, probe, input, fromSeconds, wanted);
    return opened;
  } finally {
    if (!opened) input.dispose();
  }
}

async function openTrack(
  source: Blob,
  probe: Probe,
  input: Input,
  fromSeconds: number,
  wanted: number | null,
): Promise<OpenSource | null> {
  if (!(await input.canRead())) return null;
  const tracks = await input.getAudioTracks();
  const primary = await input.getPrimaryAudioTrack();
  const given = wanted === null ? [primary, ...tracks] : [tracks[wanted]];
  const readable = await firstReadable(given);
  if (!readable) return null;
  const { track, codec, config, isPcm } = readable;

  const format = await input.getFormat();
  const hasVideo = (await input.getVideoTracks()).length > 0;
  const origin = await originSeconds(input, source);
  const end = await readEnd(input, track, hasVideo);
  // containers state where the sound ends on their own clock, which may begin anywhere
  const durationSeconds = end === null ? null : Math.max(0, end - origin);
  let blocks: BlockSource;
  let expectedSeconds = durationSeconds;
  if (isPcm) {
    if (format instanceof WaveInputFormat)
      expectedSeconds = Math.max(durationSeconds ?? 0, (await statedWavSeconds(source)) ?? 0);
    const isRough = format instanceof MatroskaInputFormat || format instanceof MpegTsInputFormat;
    blocks = new PcmBlocks(track, isRough ? 0 : fromSeconds, -origin, expectedSeconds);
  } else {
    const ownSeconds = hasVideo && format instanceof MatroskaInputFormat ? null : durationSeconds;
    expectedSeconds = ownSeconds;
    const restarts = planRestarts(codec, fromSeconds);
    const packets = await TrackPackets.open(
      source,
      input,
      track,
      config,
      ownSeconds,
      restarts?.fromSeconds ?? fromSeconds,
    );
    // what is read from the start is decoded as in a run from there
    const plan = packets.beginsLate ? restarts : planRestarts(codec, 0);
    blocks = new CodecBlocks(packets, packets.isExact ? plan : null);
  }
  return {
    blocks: new MixedBlocks(closingInput(blocks, input)),
    expectedSeconds,
    info: {
      mediaType: withoutVideo(probe.mediaType, hasVideo),
      container: probe.name,
      codec,
      durationMs: toMs(durationSeconds),
      sampleRateHz: config.sampleRate,
      channels: config.numberOfChannels,
      hasVideo,
      audioTracks: await Promise.all(tracks.map((one) => readTrackInfo(one, one === primary))),
      audioTrack: tracks.indexOf(track),
      decoder: 'webcodecs',
    },
  };
}

interface ReadableTrack {
  track: InputAudioTrack;
  codec: string;
  config: AudioDecoderConfig;
  isPcm: boolean;
}

/** The first of some tracks that needs no ffmpeg. */
async function firstReadable(
  tracks: readonly (InputAudioTrack | null | undefined)[],
): Promise<ReadableTrack | null> {
  for (const track of tracks) {
    const codec = await track?.getCodec();
    const config = await track?.getDecoderConfig();
    if (!track || !codec || !config) continue;
    const isPcm = codec.startsWith('pcm-') || codec === 'ulaw' || codec === 'alaw';
    if (isPcm || (await isDecodable(config))) return { track, codec, config, isPcm };
  }
  return null;
}

/** Starts ffmpeg on the source. */
export async function openFfmpeg(
  options: Omit<FfmpegOptions, 'times'>,
  probe: Probe,
  signal: AbortSignal,
): Promise<OpenSource> {
  const times = await chooseTimes(options.source, probe);
  const blocks = await FfmpegBlocks.open({ ...options, times }, signal);
  const { facts } = blocks;
  return {
    blocks: new MixedBlocks(blocks),
    expectedSeconds: facts.hasVideo ? null : facts.durationSeconds,
    info: {
      // MPEG audio of layers I and II is recognised by ffmpeg alone
      mediaType:
        facts.format === 'mp3' ? 'audio/mpeg' : withoutVideo(probe.mediaType, facts.hasVideo),
      container: probe.name === 'unknown' ? (facts.format ?? probe.name) : probe.name,
      codec: facts.codec ?? 'unknown',
      durationMs: toMs(facts.durationSeconds),
      sampleRateHz: facts.sampleRateHz,
      channels: facts.channels,
      hasVideo: facts.hasVideo,
      audioTracks: facts.audioTracks,
      audioTrack: options.track,
      decoder: 'ffmpeg',
    },
  };
}

/** A bare stream has no other. */
const ONLY_TRACK: AudioTrackInfo = { name: null, language: null, isDefault: true };

async function readTrackInfo(track: InputAudioTrack, isDefault: boolean): Promise<AudioTrackInfo> {
  const language = await track.getLanguageCode();
  return { name: knownName(await track.getName()), language: knownLanguage(language), isDefault };
}

/** Frames one after the other, without a container that has times. */
const BARE_STREAMS = ['audio/mpeg', 'audio/aac', 'audio/flac', 'audio/ac3', 'audio/vnd.dts'];
/** Containers in which 0 is the start for players, also when the first packet comes later. */
const FROM_ZERO = /mp4|quicktime|3gpp|webm|matroska/;

async function chooseTimes(source: Blob, { mediaType }: Probe): Promise<FfmpegTimes> {
  if (BARE_STREAMS.includes(mediaType)) return 'counted';
  if (!FROM_ZERO.test(mediaType)) return 'from-first';
  const input = openInput(source);
  try {
    return (await originSeconds(input, source)) === 0 ? 'kept' : 'from-first';
  } catch (cause) {
    const error = readError(cause);
    if (error) throw error;
    return 'from-first'; // too broken for mediabunny: ffmpeg's own view will do
  } finally {
    input.dispose();
  }
}

function openInput(source: Blob): Input {
  return new Input({
    formats: FORMATS,
    // a read ahead that is not awaited may fail; the next awaited one reports it
    source: new BlobSource(source, { handleUnhandledError: () => undefined }),
  });
}

/** Where the audio ends on the container's clock, where it costs no reading through the file. */
async function readEnd(
  input: Input,
  track: InputAudioTrack,
  hasVideo: boolean,
): Promise<number | null> {
  const noted = await track.getDurationFromMetadata();
  if (noted !== null) return noted;
  // Ogg and FLAC find their last packet by looking at the file's end
  return hasVideo ? await input.getDurationFromMetadata() : await track.computeDuration();
}

/** The same container holds films and sound alone; people see the difference. */
function withoutVideo(mediaType: string, hasVideo: boolean): string {
  return hasVideo ? mediaType : mediaType.replace(/^video\//, 'audio/');
}

function closingInput(blocks: BlockSource, input: Input): BlockSource {
  return {
    next: (signal) => blocks.next(signal),
    isDoubtful: (seconds) => blocks.isDoubtful(seconds),
    get notices() {
      return blocks.notices;
    },
    get isComplete() {
      return blocks.isComplete;
    },
    close: () => {
      blocks.close();
      input.dispose();
    },
  };
}

function toMs(seconds: number | null): number | null {
  return seconds === null || !Number.isFinite(seconds) ? null : Math.round(seconds * 1000);
}
