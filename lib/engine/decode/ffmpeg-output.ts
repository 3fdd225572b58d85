import type { ClockFollower } from '@/lib/engine/audio';

/** Sound from this long before the wanted position is kept: it is moved a little to keep to its times. */
const LEAD_SECONDS = 1;

const SHOWN_TIME = /ashowinfo.* pts: *(-?\d+) .*\brate: *(\d+) nb_samples: *(\d+)/;

/** A decoded frame's position among those of the run, and ffmpeg's time of it. */
interface FrameTime {
  frame: number;
  seconds: number;
}

export interface OutputOptions {
  /** Sound well before this is skipped, in ffmpeg's times. */
  wantedSeconds: number;
  /** ffmpeg shows no times: frames are counted. */
  isCounted: boolean;
  /** What ffmpeg's times count from. */
  clockStart: number;
}

/** What one run of ffmpeg gives: sound as WAV, and the times of its frames as lines of the log. */
export class FfmpegOutput {
  readonly #options: OutputOptions;
  readonly #makeFollower: (rateHz: number) => ClockFollower;
  readonly #wav = new WavStream(
    ({ rateHz, channels }) => {
      this.rateHz = rateHz;
      this.#channels = channels;
      this.#follower = this.#makeFollower(rateHz);
    },
    (samples) => this.#add(samples),
  );
  /** 0 until the first of the sound came. */
  rateHz = 0;
  #channels = 0;
  #follower: ClockFollower | null = null;
  /** Frames that came so far. */
  #frames = 0;
  /** Times that were shown and not passed on yet. They come before their frames do. */
  #times: FrameTime[] = [];
  #timedFrames = 0;
  #lastTime: FrameTime = { frame: 0, seconds: 0 };
  /** The first frame that is passed on, once it is known. */
  #firstKept: number | null = null;

  /** @param makeFollower makes what sound and times are passed on to, when the rate is known */
  constructor(options: OutputOptions, makeFollower: (rateHz: number) => ClockFollower) {
    this.#options = options;
    this.#makeFollower = makeFollower;
  }

  /** How far the sound has come, on the source's clock. */
  get seconds(): number {
    const { frame, seconds } = this.#lastTime;
    return this.#options.clockStart + seconds + (this.#frames - frame) / (this.rateHz || 1);
  }

  /** Takes a line of the log; whether it was the time of the next frames. */
  readTime(line: string): boolean {
    if (!line.includes('ashowinfo')) return false;
    const [, pts, rateHz, frames] = SHOWN_TIME.exec(line) ?? [];
    if (pts !== undefined) {
      this.#note({ frame: this.#timedFrames, seconds: Number(pts) / Number(rateHz) });
      this.#timedFrames += Number(frames);
    }
    return true;
  }

  write(bytes: Uint8Array): void {
    this.#wav.write(bytes);
  }

  #note(time: FrameTime): void {
    this.#lastTime = time;
    this.#times.push(time);
    const { wantedSeconds } = this.#options;
    if (this.#firstKept === null && time.seconds >= wantedSeconds - LEAD_SECONDS)
      this.#firstKept = time.frame;
  }

  /** @param samples of whole frames, channel by channel */
  #add(samples: Float32Array): void {
    if (this.#options.isCounted)
      this.#note({ frame: this.#frames, seconds: this.#frames / this.rateHz });
    const channels = this.#channels;
    const count = samples.length / channels;
    const first = this.#firstKept ?? Number.POSITIVE_INFINITY;
    const skip = Math.min(count, Math.max(0, first - this.#frames));
    const planes = Array.from({ length: channels }, (_, channel) => {
      const plane = new Float32Array(count - skip);
      for (let i = 0; i < plane.length; i++)
        plane[i] = samples[(skip + i) * channels + channel] ?? 0;
      return plane;
    });
    const position = this.#frames + skip;
    this.#frames += count;
    for (const { frame, seconds } of this.#times)
      this.#follower?.mark(frame, this.#options.clockStart + seconds);
    this.#times = [];
    // also without sound, so that the times of what is skipped are used up
    this.#follower?.add({ position, rateHz: this.rateHz, planes });
  }
}

/** Size of a chunk's name and length in RIFF. */
const CHUNK_HEADER_BYTES = 8;

/** What a WAV file's header states. */
interface WavShape {
  rateHz: number;
  channels: number;
}

/** Takes apart a WAV file of 32-bit floats as it is written, in any pieces. */
export class WavStream {
  #header: Uint8Array = new Uint8Array(0);
  #inData = false;
  /** The beginning of a frame whose rest is still to come. */
  #partial = new Uint8Array(4);
  #partialLength = 0;

  /**
   * @param onHeader gets rate and channels, once, before the first samples
   * @param onSamples gets whole frames, interleaved, in a buffer of their own
   */
  constructor(
    private readonly onHeader: (shape: WavShape) => void,
    private readonly onSamples: (samples: Float32Array<ArrayBuffer>) => void,
  ) {}

  write(bytes: Uint8Array): void {
    if (this.#inData) {
      this.#samples(bytes);
      return;
    }
    const all = new Uint8Array(this.#header.length + bytes.length);
    all.set(this.#header);
    all.set(bytes, this.#header.length);
    const dataAt = this.#readHeader(all);
    if (dataAt === null) this.#header = all;
    else {
      this.#inData = true;
      this.#header = new Uint8Array(0);
      this.#samples(all.subarray(dataAt));
    }
  }

  /** @returns where the samples begin; `null` when the header is not whole yet */
  #readHeader(bytes: Uint8Array): number | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const shape: WavShape = { rateHz: 0, channels: 1 };
    let at = 12;
    while (at + CHUNK_HEADER_BYTES <= bytes.length) {
      const name = view.getUint32(at);
      const length = view.getUint32(at + 4, true);
      at += CHUNK_HEADER_BYTES;
      if (name === 0x666d7420 && at + 8 <= bytes.length) {
        shape.channels = view.getUint16(at + 2, true);
        shape.rateHz = view.getUint32(at + 4, true);
      }
      if (name === 0x64617461) {
        this.#partial = new Uint8Array(4 * shape.channels);
        this.onHeader(shape);
        return at;
      }
      at += length + (length & 1);
    }
    return null;
  }

  #samples(bytes: Uint8Array): void {
    const total = this.#partialLength + bytes.length;
    const frameBytes = this.#partial.length;
    const wholeBytes = Math.floor(total / frameBytes) * frameBytes;
    const buffer = new ArrayBuffer(wholeBytes);
    const out = new Uint8Array(buffer);
    if (wholeBytes === 0) {
      this.#partial.set(bytes, this.#partialLength);
      this.#partialLength = total;
      return;
    }
    const taken = wholeBytes - this.#partialLength;
    out.set(this.#partial.subarray(0, this.#partialLength));
    out.set(bytes.subarray(0, taken), this.#partialLength);
    this.#partial.set(bytes.subarray(taken));
    this.#partialLength = bytes.length - taken;
    this.onSamples(new Float32Array(buffer));
  }
}
