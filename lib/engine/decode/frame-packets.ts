import {
  type DecodeNotice,
  type Frame,
  type FrameHeader,
  FrameScanner,
  type Mp3Info,
  type Probe,
  readMp3Info,
} from '@/lib/engine/audio';
import type { Packet, PacketStream } from './packets';

/** Less than this between two frames is padding and not a loss worth reporting. */
const GAP_BYTES = 512;

/** Tags and padding after the last frame; more than this may be sound that we cannot cut up. */
const TRAILING_BYTES = 65_536;
const TRAILING_SHARE = 0.01;

/**
 * The frames of a bare mp3 or AAC stream. Times are counted in frames, so they are exact wherever
 * reading starts; to start late, the headers before are read but nothing is decoded.
 */
export class FramePackets implements PacketStream {
  readonly firstIsSilent = false;
  readonly isComplete = false;
  readonly config: AudioDecoderConfig;
  readonly notices: DecodeNotice[] = [];
  readonly header: FrameHeader;
  /** From the size of the first frames, for a stream that notes no length. */
  readonly estimatedSeconds: number;

  readonly #source: Blob;
  readonly #scanner: FrameScanner;
  readonly #info: Mp3Info | null;
  /** Seconds of sound that the encoder put in front. */
  readonly #leadSeconds: number;
  #held: Frame | null;
  /** Samples of the frames so far, at the first frame's rate. */
  #samples = 0;
  #frames = 0;

  private constructor(source: Blob, scanner: FrameScanner, first: Frame) {
    this.#source = source;
    this.#scanner = scanner;
    this.header = first.header;
    this.#info = first.header.format === 'mp3' ? readMp3Info(first.data, first.header) : null;
    this.#leadSeconds = (this.#info?.trim?.start ?? 0) / first.header.rateHz;
    this.#held = this.#info ? null : first;
    const frameBytes = scanner.meanFrameBytes() ?? first.header.lengthBytes;
    this.estimatedSeconds =
      ((source.size / frameBytes) * first.header.samples) / first.header.rateHz;
    this.config = {
      codec: first.header.format === 'mp3' ? 'mp3' : aacCodec(first.header),
      sampleRate: first.header.rateHz,
      numberOfChannels: first.header.channels,
    };
  }

  /**
   * @param fromSeconds frames that end before it are passed over
   * @returns `null` when no frame is found
   */
  static async open(source: Blob, probe: Probe, fromSeconds: number): Promise<FramePackets | null> {
    const scanner = new FrameScanner(source, probe.startByte);
    const first = await scanner.next();
    if (!first) return null;
    const packets = new FramePackets(source, scanner, first);
    await packets.#skipTo(fromSeconds);
    return packets;
  }

  /** From the encoder's note; `null` without one. */
  get notedSeconds(): number | null {
    const frames = this.#info?.frames;
    if (!frames) return null;
    const { start, end } = this.#info?.trim ?? { start: 0, end: 0 };
    return Math.max(0, frames * this.header.samples - start - end) / this.header.rateHz;
  }

  next(): Packet | null | Promise<Packet | null> {
    const held = this.#held;
    this.#held = null;
    const frame = held ?? this.#scanner.next();
    return frame instanceof Promise ? frame.then((read) => this.#pack(read)) : this.#pack(frame);
  }

  endSeconds(): number | null {
    const trim = this.#info?.trim;
    if (!trim) return null;
    // only a stream that came whole is padded at its end
    if (this.#info?.frames && this.#frames < this.#info.frames) return null;
    return (this.#samples - trim.start - trim.end) / this.header.rateHz;
  }

  async isDoubtful(): Promise<boolean> {
    const trailing = this.#scanner.trailingBytes;
    const noted = this.#info?.frames ?? 0;
    const missing = ((noted - this.#frames) * this.header.samples) / this.header.rateHz;
    const much = Math.max(TRAILING_BYTES, this.#source.size * TRAILING_SHARE);
    return trailing > much || (missing > 1 && this.#frames < noted * 0.99);
  }

  close(): void {
    this.#held = null;
  }

  #pack(frame: Frame | null): Packet | null {
    if (!frame) return null;
    const startSeconds = this.#count(frame);
    return {
      data: frame.data,
      startSeconds,
      exactSeconds: frame.header.samples / frame.header.rateHz,
    };
  }

  /** Moves the clock over a frame. @returns where the frame's sound begins */
  #count(frame: Frame): number {
    const { header } = frame;
    const startSeconds = this.#samples / this.header.rateHz - this.#leadSeconds;
    if (frame.skippedBytes > GAP_BYTES && this.#frames > 0)
      this.notices.push({
        kind: 'gap',
        atMs: Math.max(0, Math.round(startSeconds * 1000)),
        lengthMs: null,
      });
    this.#frames += 1;
    // a joined stream of another rate continues on the first one's clock
    this.#samples += (header.samples * this.header.rateHz) / header.rateHz;
    return startSeconds;
  }

  async #skipTo(seconds: number): Promise<void> {
    for (;;) {
      const frameSeconds = this.header.samples / this.header.rateHz;
      if (this.#samples / this.header.rateHz - this.#leadSeconds + frameSeconds > seconds) return;
      const next = this.#held ?? this.#scanner.next();
      const frame = next instanceof Promise ? await next : next;
      this.#held = null;
      if (!frame) return;
      this.#count(frame);
    }
  }
}

/** The profile in the header (AAC LC: 1) is one below the MPEG-4 audio object type. */
function aacCodec(header: FrameHeader): string {
  return `mp4a.40.${header.variant + 1}`;
}
