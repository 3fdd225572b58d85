import {
  type EncodedPacket,
  EncodedPacketSink,
  FlacInputFormat,
  type Input,
  type InputAudioTrack,
  IsobmffInputFormat,
  MatroskaInputFormat,
  MpegTsInputFormat,
  OggInputFormat,
} from 'mediabunny';
import { type DecodeNotice, MAX_GAP_SECONDS, readBytes } from '@/lib/engine/audio';
import { CodecStalled } from './codec-blocks';
import type { Packet, PacketStream } from './packets';
import { isRegular, type RegularTrack } from './regular';
import { firstPictureSeconds } from './transport-stream';

/**
 * The clock of a transport stream may restart in the middle, where two were joined, and
 * mediabunny takes times as they are: a step of this size back or forward is such a place. The
 * numbers are those by which ffmpeg reports it, which then reads over it.
 */
const CLOCK_STEP_BACK_SECONDS = 0.1;
const CLOCK_STEP_FORWARD_SECONDS = 10;

/** Nobody makes a film that begins with this much of nothing. */
const LIVE_START_SECONDS = 60;

/** Where the pre-skip of an Opus identification header lies (RFC 7845, section 5.1). */
const OPUS_PRE_SKIP_AT = 10;
const OPUS_RATE_HZ = 48_000;

/** The last packet of a FLAC file is looked for in this many bytes before the file's end. */
const FLAC_TAIL_BYTES = 65_536;

/** The packets of a container's audio track, as mediabunny finds them. */
export class TrackPackets implements PacketStream {
  readonly config: AudioDecoderConfig;
  readonly firstIsSilent: boolean;
  readonly notices: DecodeNotice[] = [];

  readonly #source: Blob;
  readonly #packets: AsyncGenerator<EncodedPacket, void, unknown>;
  readonly #shiftSeconds: number;
  readonly #durationSeconds: number | null;
  /** Packet lengths are whole samples: the last may stand for less than it holds. */
  readonly #hasExactLengths: boolean;
  readonly #countsSamples: boolean;
  readonly #isFlacFile: boolean;
  readonly #clockMayStep: boolean;
  #last: EncodedPacket | null = null;

  private constructor(
    source: Blob,
    track: TrackFacts,
    packets: AsyncGenerator<EncodedPacket, void, unknown>,
    /** Reading began after the start. */
    readonly beginsLate: boolean,
  ) {
    this.#source = source;
    this.#packets = packets;
    this.config = track.config;
    this.firstIsSilent = track.config.codec === 'vorbis';
    this.#shiftSeconds = track.shiftSeconds;
    this.#durationSeconds = track.durationSeconds;
    this.#hasExactLengths = track.isExact;
    this.#countsSamples = track.regular.hasOwnLengths;
    this.#isFlacFile = track.isFlacFile;
    this.#clockMayStep = track.isTransportStream;
  }

  /**
   * @param fromSeconds where the sound is wanted from, warm-up included; where packet times are not
   *   exact, reading begins at the start all the same, so that a resumed run equals a whole one
   */
  static async open(
    source: Blob,
    input: Input,
    track: InputAudioTrack,
    config: AudioDecoderConfig,
    durationSeconds: number | null,
    fromSeconds: number,
  ): Promise<TrackPackets> {
    const facts = await readFacts(source, input, track, config, durationSeconds);
    const sink = new EncodedPacketSink(track);
    const isExact =
      facts.isExact &&
      fromSeconds > 0 &&
      (facts.isFlacFile ||
        (await isRegular(sink, facts.regular, fromSeconds - facts.shiftSeconds)));
    const start = isExact ? await sink.getPacket(fromSeconds - facts.shiftSeconds) : null;
    return new TrackPackets(source, facts, sink.packets(start ?? undefined), start !== null);
  }

  /** Ogg's last page holds the length; it has been read, unless it is missing. */
  get isComplete(): boolean {
    return this.#countsSamples && !this.#isFlacFile;
  }

  /** Whether the decoder may be restarted at fixed times, since reading can begin at any packet. */
  get isExact(): boolean {
    return this.#hasExactLengths;
  }

  /** @throws CodecStalled where the clock of a transport stream restarts */
  async next(): Promise<Packet | null> {
    const { value: packet } = await this.#packets.next();
    if (!packet) return null;
    if (this.#clockMayStep && this.#last) requireOneClock(this.#last, packet);
    this.#last = packet;
    return {
      data: packet.data,
      startSeconds: packet.timestamp + this.#shiftSeconds,
      exactSeconds: this.#countsSamples ? packet.duration : null,
    };
  }

  endSeconds(): number | null {
    const last = this.#last;
    if (!last || !this.#hasExactLengths) return null;
    const end = last.timestamp + last.duration + this.#shiftSeconds;
    // mediabunny gives no last FLAC frame of under 16 bytes (silence); the header counts it
    const noted = this.#isFlacFile ? this.#durationSeconds : null;
    return noted !== null && noted > end && noted - end <= last.duration ? noted : end;
  }

  async isDoubtful(decodedSeconds: number): Promise<boolean> {
    if (this.#isFlacFile && !(await this.#endsAtFileEnd())) return true;
    const expected = this.#durationSeconds;
    if (expected === null || this.isComplete) return false;
    const missing = expected - decodedSeconds;
    return missing > 1 && missing > expected * 0.01 && missing < MAX_GAP_SECONDS;
  }

  close(): void {
    // ends mediabunny's reading ahead; nothing waits for it
    void this.#packets.return();
  }

  /** A FLAC header may state less than there is (joined files): then packets end too early. */
  async #endsAtFileEnd(): Promise<boolean> {
    const last = this.#last?.data;
    if (!last) return false;
    const tailBytes = last.length + FLAC_TAIL_BYTES;
    const start = Math.max(0, this.#source.size - tailBytes);
    const tail = await readBytes(this.#source, start, tailBytes);
    // a frame header holds its number and a checksum: its first bytes are found once
    const mark = last.subarray(0, 16);
    for (let at = tail.indexOf(mark[0] ?? 0); at >= 0; at = tail.indexOf(mark[0] ?? 0, at + 1))
      if (mark.every((byte, i) => tail[at + i] === byte)) return true;
    return false;
  }
}

/**
 * The container's time that is 0 for players. In MP4 and Matroska that is 0, so that a track which
 * begins late stays late; unless all begin very late, as in a piece cut from a live stream. Other
 * clocks begin anywhere.
 */
export async function originSeconds(input: Input, source: Blob): Promise<number> {
  const format = await input.getFormat();
  const first = Math.max(0, await input.getFirstTimestamp());
  if (format instanceof MpegTsInputFormat) {
    // mediabunny does not see pictures of MPEG-2 and others
    const picture = await firstPictureSeconds(source);
    return picture !== null && first - picture < LIVE_START_SECONDS
      ? Math.min(first, picture)
      : first;
  }
  const countsFromZero =
    format instanceof IsobmffInputFormat || format instanceof MatroskaInputFormat;
  return countsFromZero && first < LIVE_START_SECONDS ? 0 : first;
}

function requireOneClock(last: EncodedPacket, packet: EncodedPacket): void {
  const step = packet.timestamp - (last.timestamp + last.duration);
  if (step < -CLOCK_STEP_BACK_SECONDS || step > CLOCK_STEP_FORWARD_SECONDS)
    throw new CodecStalled(`The clock steps by ${step} s at ${last.timestamp} s.`);
}

interface TrackFacts {
  config: AudioDecoderConfig;
  isExact: boolean;
  regular: RegularTrack;
  isFlacFile: boolean;
  isTransportStream: boolean;
  shiftSeconds: number;
  durationSeconds: number | null;
}

async function readFacts(
  source: Blob,
  input: Input,
  track: InputAudioTrack,
  config: AudioDecoderConfig,
  durationSeconds: number | null,
): Promise<TrackFacts> {
  const format = await input.getFormat();
  const isMatroska = format instanceof MatroskaInputFormat;
  const isIso = format instanceof IsobmffInputFormat;
  const resolution = await track.getTimeResolution();
  const codec = (await track.getCodec()) ?? '';
  const countsSamples = format instanceof OggInputFormat || format instanceof FlacInputFormat;
  const isExact = countsSamples || (isIso && resolution % config.sampleRate === 0);
  let shiftSeconds = -(await originSeconds(input, source));
  let used = config;
  if (config.codec === 'opus' && config.description) {
    const head = withoutPreSkip(config.description);
    used = { ...config, description: head.description };
    if (isMatroska) shiftSeconds -= head.preSkipSamples / OPUS_RATE_HZ;
  }
  return {
    config: used,
    isExact,
    regular: { codec, rateHz: config.sampleRate, hasOwnLengths: countsSamples },
    isFlacFile: format instanceof FlacInputFormat,
    isTransportStream: format instanceof MpegTsInputFormat,
    shiftSeconds,
    durationSeconds,
  };
}

/**
 * Browsers drop the pre-skip at the start of every decoder, also of one that starts in the middle
 * of a file. Without it in the header they drop nothing, and packet times say what to drop.
 */
function withoutPreSkip(description: AllowSharedBufferSource): {
  description: Uint8Array;
  preSkipSamples: number;
} {
  const head = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength).slice()
    : new Uint8Array(description).slice();
  if (head.length < OPUS_PRE_SKIP_AT + 2) return { description: head, preSkipSamples: 0 };
  const view = new DataView(head.buffer);
  const preSkipSamples = view.getUint16(OPUS_PRE_SKIP_AT, true);
  view.setUint16(OPUS_PRE_SKIP_AT, 0, true);
  return { description: head, preSkipSamples };
}
