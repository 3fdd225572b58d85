import { loadFfmpeg, mountOutput, mountSource, PCM_PATH, SOURCE_PATH } from './ffmpeg-core';
import {
  type FfmpegTimes,
  type FrameTime,
  type FromFfmpeg,
  MAX_OUTSTANDING,
  type ToFfmpeg,
} from './ffmpeg-protocol';
import { WavStream } from './wav-stream';

/** Frames sent at once: half a second of 48 kHz. */
const PIECE_FRAMES = 24_576;

/** Sent before the wanted place: sound is moved a little to keep to its times. */
const LEAD_SECONDS = 1;
/** Times that are sent at once while sound is passed over. */
const TIMES_AT_ONCE = 1024;

/**
 * To floats of the source's own rate and channels, which our mixer and resampler take from there,
 * so that both decoders give the same PCM. Times are not kept by ffmpeg, which would cut where they
 * wobble: `ashowinfo` tells them.
 */
const TO_FLOATS = 'aformat=sample_fmts=flt';
const SHOW_TIMES = ',ashowinfo';
const SHOWN_TIME = /ashowinfo.* pts: *(-?\d+) .*\brate: *(\d+) nb_samples: *(\d+)/;

/**
 * Of MPEG streams ffmpeg takes the first sound for the start, unless it is to add something: then it
 * takes the first of all that the file holds.
 */
const BEFORE_INPUT: Readonly<Record<FfmpegTimes, readonly string[]>> = {
  kept: ['-copyts'],
  'from-first': ['-itsoffset', '0.000001'],
  counted: [],
};

// `flush_packets`: pieces come as they are decoded, not by the quarter megabyte
const output = (track: number, times: FfmpegTimes) => [
  ...['-map', `0:a:${track}`, '-vn', '-sn', '-dn'],
  ...['-af', TO_FLOATS + (times === 'counted' ? '' : SHOW_TIMES)],
  ...['-c:a', 'pcm_f32le', '-f', 'wav', '-bitexact', '-flush_packets', '1', PCM_PATH],
];

const post = (message: FromFfmpeg, transfer: Transferable[] = []) =>
  self.postMessage(message, { transfer });

let run: ((before: string[], wantedSeconds: number) => void) | null = null;

async function start(message: Extract<ToFfmpeg, { kind: 'start' }>): Promise<void> {
  const core = await loadFfmpeg(message.coreUrl);
  const readFailure = mountSource(core, message.source);
  const flow = message.outstanding ? new Int32Array(message.outstanding) : null;
  const isCounted = message.times === 'counted';
  let writer = new PieceWriter(flow, 0, isCounted);
  mountOutput(core, (bytes) => writer.write(bytes));
  core.setLogger(({ message: line }) => {
    if (line.includes('ashowinfo')) writer.readTime(line);
    else post({ kind: 'log', line, seconds: writer.seconds });
  });

  run = (before, wantedSeconds) => {
    writer = new PieceWriter(flow, wantedSeconds, isCounted);
    core.exec(
      ...['-hide_banner', '-nostats', '-loglevel', 'level+info'],
      ...BEFORE_INPUT[message.times],
      // a clock that jumps ahead is followed, so that all ways to read a source agree
      ...['-dts_delta_threshold', '1e9'],
      ...before,
      ...['-i', SOURCE_PATH, ...output(message.track, message.times)],
    );
    const status = core.ret;
    core.reset();
    const failure = readFailure();
    if (failure) throw failure;
    writer.finish();
    post({ kind: 'ended', status });
  };
  if (flow) run([], message.fromSeconds);
  else post({ kind: 'ready' });
}

/** Gathers what ffmpeg writes into pieces, and sleeps while the reader has enough of them. */
class PieceWriter {
  readonly #flow: Int32Array | null;
  readonly #fromSeconds: number;
  readonly #isCounted: boolean;
  readonly #wav = new WavStream(
    ({ rateHz, channels }) => {
      this.#rateHz = rateHz;
      this.#planes = emptyPlanes(channels);
      post({ kind: 'header', rateHz });
    },
    (samples) => this.#add(samples),
  );
  #rateHz = 0;
  #planes: Float32Array<ArrayBuffer>[] = [];
  #filled = 0;
  /** Frames written by ffmpeg so far. */
  #frames = 0;
  /** Times that are to be sent. They come before their frames do. */
  #times: FrameTime[] = [];
  #timedFrames = 0;
  #lastTime: FrameTime = { frame: 0, seconds: 0 };
  /** The first frame that is sent, once it is known. */
  #firstSent: number | null = null;

  /** @param isCounted ffmpeg shows no times: frames are counted */
  constructor(flow: Int32Array | null, wantedSeconds: number, isCounted: boolean) {
    this.#flow = flow;
    this.#fromSeconds = wantedSeconds - LEAD_SECONDS;
    this.#isCounted = isCounted;
  }

  /** Where the output has come to. */
  get seconds(): number {
    const { frame, seconds } = this.#lastTime;
    return seconds + (this.#frames - frame) / (this.#rateHz || 1);
  }

  /** Takes a line of the log that tells the time of the next frames. */
  readTime(line: string): void {
    const [, pts, rateHz, frames] = SHOWN_TIME.exec(line) ?? [];
    if (pts === undefined) return;
    const seconds = Number(pts) / Number(rateHz);
    this.#note({ frame: this.#timedFrames, seconds });
    this.#timedFrames += Number(frames);
  }

  write(bytes: Uint8Array): void {
    this.#wav.write(bytes);
  }

  finish(): void {
    this.#send();
  }

  #note(time: FrameTime): void {
    this.#lastTime = time;
    this.#times.push(time);
    if (this.#firstSent === null && time.seconds >= this.#fromSeconds) this.#firstSent = time.frame;
  }

  /** @param samples of whole frames, channel by channel */
  #add(samples: Float32Array): void {
    if (this.#isCounted) this.#note({ frame: this.#frames, seconds: this.#frames / this.#rateHz });
    const channels = this.#planes.length;
    const frames = samples.length / channels;
    const first = this.#firstSent ?? Number.POSITIVE_INFINITY;
    const skip = Math.min(frames, Math.max(0, first - this.#frames));
    this.#frames += skip;
    if (skip > 0 && this.#times.length >= TIMES_AT_ONCE) this.#send();
    for (let at = skip; at < frames; ) {
      const count = Math.min(frames - at, PIECE_FRAMES - this.#filled);
      this.#planes.forEach((plane, channel) => {
        for (let i = 0; i < count; i++)
          plane[this.#filled + i] = samples[(at + i) * channels + channel] ?? 0;
      });
      this.#filled += count;
      this.#frames += count;
      at += count;
      if (this.#filled === PIECE_FRAMES) this.#send();
    }
  }

  #send(): void {
    if (this.#filled === 0 && this.#times.length === 0) return;
    const planes = this.#planes.map((plane) => plane.subarray(0, this.#filled));
    const startFrame = this.#frames - this.#filled;
    post(
      { kind: 'pcm', startFrame, planes, times: this.#times },
      planes.map(({ buffer }) => buffer),
    );
    this.#times = [];
    this.#planes = emptyPlanes(planes.length);
    this.#filled = 0;
    const flow = this.#flow;
    if (!flow) return;
    let outstanding = Atomics.add(flow, 0, 1) + 1;
    while (outstanding > MAX_OUTSTANDING) {
      Atomics.wait(flow, 0, outstanding);
      outstanding = Atomics.load(flow, 0);
    }
  }
}

function emptyPlanes(channels: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: channels }, () => new Float32Array(PIECE_FRAMES));
}

function fail(cause: unknown): void {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  // an AppError's code is all that the other side needs to build it again
  const name = 'code' in error ? String(error.code) : error.name;
  post({ kind: 'failed', name, message: error.message });
}

self.addEventListener('message', (event: MessageEvent<ToFfmpeg>) => {
  const message = event.data;
  switch (message.kind) {
    case 'start':
      start(message).catch(fail);
      return;
    case 'window':
      try {
        run?.(
          [
            // seeking to 0 would pass over sound that lies before the first picture
            ...(message.fromSeconds > 0 ? ['-ss', String(message.fromSeconds)] : []),
            ...['-t', String(message.lengthSeconds)],
          ],
          message.wantedSeconds,
        );
      } catch (cause) {
        fail(cause);
      }
      return;
  }
});
