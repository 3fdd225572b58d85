import type { ClockFollower } from '@/lib/engine/audio';
import { WavStream } from './wav-stream';

/** Sound from this long before the wanted place is kept: it is moved a little to keep to its times. */
const LEAD_SECONDS = 1;

const SHOWN_TIME = /ashowinfo.* pts: *(-?\d+) .*\brate: *(\d+) nb_samples: *(\d+)/;

/** A decoded frame's place among those of the run, and ffmpeg's time of it. */
interface FrameTime {
  frame: number;
  seconds: number;
}

export interface OutputOptions {
  /** Sound well before this is passed over, in ffmpeg's times. */
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
    // also without sound, so that times which are passed over are done with
    this.#follower?.add({ position, rateHz: this.rateHz, planes });
  }
}
