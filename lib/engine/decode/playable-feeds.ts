import {
  AudioSample,
  AudioSampleSource,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  type Input,
  type MediaSource,
  Quality,
  type Rotation,
} from 'mediabunny';
import { type FrameHeader, type Probe, readFrameHeader, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { isDecodable } from './codec-blocks';
import { FramePackets } from './frame-packets';
import type { OpenRun } from './open-run';
import { originSeconds } from './track-packets';

/** What goes into one track of a copy, in the order in which it is decoded. */
export interface Feed<S extends MediaSource = MediaSource> {
  source: S;
  /** The next piece; `null` after the last. */
  next(signal: AbortSignal): Promise<Piece | null>;
  close(): void;
}

/** A packet, or a run of samples. */
export interface Piece {
  startSeconds: number;
  endSeconds: number;
  /** Hands it to the track; resolves when there is room for more. */
  add(): Promise<void>;
}

/**
 * Every so many packets there is one that players may jump to. They decode from there up to the
 * position that was asked for: a decoder needs some packets before it gives the right sound (MP3 up to
 * ten, whose data lie in frames before), and Chromium leaves out what it gives till then.
 */
const PACKETS_PER_ENTRY = 20;

/** Of the sound when it is encoded again; transparent for the 16 kHz mono that was transcribed. */
const OPUS = { codec: 'opus', quality: new Quality({ bitrate: 48_000 }) } as const;

/** Codecs whose packets every browser plays from MP4, when it can decode them at all. */
const COPIED = ['aac', 'mp3', 'opus', 'flac'] as const;

/** Where the pre-skip of an Opus identification header lies (RFC 7845, section 5.1). */
const OPUS_PRE_SKIP_AT = 10;
const OPUS_RATE_HZ = 48_000;

/**
 * The frames of a bare MP3 or AAC stream, at the times that the decoder gives them.
 * @returns `null` when there are none, or this browser cannot decode them
 */
export async function frameFeed(source: Blob, probe: Probe): Promise<Feed | null> {
  const packets = await FramePackets.open(source, probe, 0);
  if (!packets || !(await isDecodable(packets.config))) return null;
  const { header, config } = packets;
  const target = new EncodedAudioPacketSource(header.format === 'mp3' ? 'mp3' : 'aac');
  let count = 0;
  return {
    source: target,
    async next() {
      const read = packets.next();
      const packet = read instanceof Promise ? await read : read;
      if (!packet) return null;
      const { startSeconds, exactSeconds } = packet;
      requireSameSound(header, readFrameHeader(packet.data, 0));
      const duration = exactSeconds ?? 0;
      const type = count++ % PACKETS_PER_ENTRY === 0 ? 'key' : 'delta';
      // the scanner's window moves on
      const encoded = new EncodedPacket(packet.data.slice(), type, startSeconds, duration);
      return {
        startSeconds,
        endSeconds: startSeconds + duration,
        add: () => target.add(encoded, { decoderConfig: config }),
      };
    },
    close: () => packets.close(),
  };
}

/** A track has one rate and one number of channels; joined streams may have several. */
function requireSameSound(first: FrameHeader, other: FrameHeader | null): void {
  if (first.rateHz !== other?.rateHz || first.channels !== other.channels)
    throw new Error('The stream changes its rate or its channels.');
}

/**
 * The packets of a container's audio track, on the clock of the decoder.
 * @returns `null` when this browser cannot play them from a copy
 */
export async function trackFeed(input: Input, file: Blob, index: number): Promise<Feed | null> {
  const track = (await input.getAudioTracks())[index];
  const codec = COPIED.find((one) => one === track?.codec);
  const config = await track?.getDecoderConfig();
  if (!track || !codec || !config || !(await isDecodable(config))) return null;
  const shiftSeconds = -(await originSeconds(input, file)) - (await preSkipSeconds(input, config));
  const target = new EncodedAudioPacketSource(codec);
  const packets = new EncodedPacketSink(track).packets();
  let count = 0;
  return {
    source: target,
    async next() {
      const { value: packet } = await packets.next();
      if (!packet) return null;
      const startSeconds = packet.timestamp + shiftSeconds;
      const type = count++ % PACKETS_PER_ENTRY === 0 ? 'key' : 'delta';
      const placed = packet.clone({ timestamp: startSeconds, type });
      return {
        startSeconds,
        endSeconds: startSeconds + packet.duration,
        add: () => target.add(placed, { decoderConfig: config }),
      };
    },
    close: () => void packets.return(),
  };
}

/** Matroska counts Opus from the first packet, the decoder from the first sound after its pre-skip. */
async function preSkipSeconds(
  input: Input,
  { codec, description }: AudioDecoderConfig,
): Promise<number> {
  const { name } = await input.getFormat();
  if (codec !== 'opus' || !description || !/webm|matroska/i.test(name)) return 0;
  const view = ArrayBuffer.isView(description)
    ? new DataView(description.buffer, description.byteOffset, description.byteLength)
    : new DataView(description);
  const isWhole = view.byteLength >= OPUS_PRE_SKIP_AT + 2;
  return isWhole ? view.getUint16(OPUS_PRE_SKIP_AT, true) / OPUS_RATE_HZ : 0;
}

/** A picture, and how its frames are turned. */
export type VideoFeed = Feed<EncodedVideoPacketSource> & { rotation: Rotation };

/** The picture, as it is; `null` when there is none that this browser can show. */
export async function videoFeed(input: Input, file: Blob): Promise<VideoFeed | null> {
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track?.codec || !config || !(await isShowable(config))) return null;
  const shiftSeconds = -(await originSeconds(input, file));
  const target = new EncodedVideoPacketSource(track.codec);
  const packets = new EncodedPacketSink(track).packets();
  return {
    source: target,
    rotation: track.rotation,
    async next() {
      const { value: packet } = await packets.next();
      if (!packet) return null;
      const startSeconds = packet.timestamp + shiftSeconds;
      const placed = packet.clone({ timestamp: startSeconds });
      return {
        startSeconds,
        endSeconds: startSeconds + packet.duration,
        add: () => target.add(placed, { decoderConfig: config }),
      };
    },
    close: () => void packets.return(),
  };
}

async function isShowable(config: VideoDecoderConfig): Promise<boolean> {
  if (typeof VideoDecoder === 'undefined') return false;
  return (await VideoDecoder.isConfigSupported(config)).supported === true;
}

/** What of a run gives its sound. */
export type SoundRun = Pick<OpenRun, 'read' | 'close'>;

/** What the decoder gives, encoded again: the very samples that were transcribed. */
export function soundFeed(run: SoundRun): Feed {
  const target = new AudioSampleSource(OPUS);
  return {
    source: target,
    async next(signal) {
      const chunk = await run.read(signal);
      if (!chunk) return null;
      const startSeconds = chunk.startSample / SAMPLE_RATE_HZ;
      return {
        startSeconds,
        endSeconds: startSeconds + chunk.pcm.length / SAMPLE_RATE_HZ,
        async add() {
          const sample = new AudioSample({
            data: chunk.pcm,
            format: 'f32',
            numberOfChannels: 1,
            sampleRate: SAMPLE_RATE_HZ,
            timestamp: startSeconds,
          });
          try {
            await target.add(sample);
          } finally {
            sample.close();
          }
        },
      };
    },
    close: () => run.close(),
  };
}
