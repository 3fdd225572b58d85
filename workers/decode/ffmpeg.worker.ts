import { loadFfmpeg, mountOutput, mountSource, PCM_PATH, SOURCE_PATH } from './ffmpeg-core';
import {
  type FfmpegTimes,
  type FromFfmpeg,
  MAX_OUTSTANDING,
  type ToFfmpeg,
} from './ffmpeg-protocol';
import { WavStream } from './wav-stream';

/** Frames sent at once: half a second of 48 kHz. */
const PIECE_FRAMES = 24_576;

/**
 * To floats of the source's own rate and channels, which our mixer and resampler take from there,
 * so that both decoders give the same PCM. `async=1` and `first_pts=0` put silence where the
 * timestamps leave a hole.
 */
const TO_FLOATS = 'aresample=async=1:first_pts=0:min_hard_comp=0.05,aformat=sample_fmts=flt';

/** Times counted in samples, for streams that have none of their own. */
const COUNT_SAMPLES = 'asetpts=N/SR/TB,';

// `flush_packets`: pieces come as they are decoded, not by the quarter megabyte
const output = (track: number, times: FfmpegTimes) => [
  ...['-map', `0:a:${track}`, '-vn', '-sn', '-dn'],
  ...['-af', (times === 'counted' ? COUNT_SAMPLES : '') + TO_FLOATS],
  ...['-c:a', 'pcm_f32le', '-f', 'wav', '-bitexact', '-flush_packets', '1', PCM_PATH],
];

const post = (message: FromFfmpeg, transfer: Transferable[] = []) =>
  self.postMessage(message, { transfer });

let run: ((before: string[], skipSeconds: number) => void) | null = null;

async function start(message: Extract<ToFfmpeg, { kind: 'start' }>): Promise<void> {
  const core = await loadFfmpeg(message.coreUrl);
  const readFailure = mountSource(core, message.source);
  const flow = message.outstanding ? new Int32Array(message.outstanding) : null;
  let writer = new PieceWriter(flow, 0);
  mountOutput(core, (bytes) => writer.write(bytes));
  core.setLogger(({ message: line }) => post({ kind: 'log', line, frame: writer.frames }));

  run = (before, skipSeconds) => {
    writer = new PieceWriter(flow, skipSeconds);
    core.exec(
      ...['-hide_banner', '-nostats', '-loglevel', 'level+info'],
      ...before,
      ...['-i', SOURCE_PATH, ...output(message.track, message.times)],
    );
    const status = core.ret;
    core.reset();
    const failure = readFailure();
    if (failure) throw failure;
    writer.finish();
    post({ kind: 'ended', status, frames: writer.frames });
  };
  if (flow) run(message.times === 'kept' ? ['-copyts'] : [], message.fromSeconds);
  else post({ kind: 'ready' });
}

/** Gathers what ffmpeg writes into pieces, and sleeps while the reader has enough of them. */
class PieceWriter {
  readonly #flow: Int32Array | null;
  readonly #fromSeconds: number;
  readonly #wav = new WavStream(
    ({ rateHz, channels }) => {
      this.#skipFrames = Math.floor(this.#fromSeconds * rateHz);
      this.#planes = emptyPlanes(channels);
      post({ kind: 'header', rateHz });
    },
    (samples) => this.#add(samples),
  );
  #planes: Float32Array<ArrayBuffer>[] = [];
  #filled = 0;
  #skipFrames = 0;
  /** Frames written by ffmpeg so far. */
  frames = 0;

  constructor(flow: Int32Array | null, fromSeconds: number) {
    this.#flow = flow;
    this.#fromSeconds = fromSeconds;
  }

  write(bytes: Uint8Array): void {
    this.#wav.write(bytes);
  }

  finish(): void {
    this.#send();
  }

  /** @param samples of whole frames, channel by channel */
  #add(samples: Float32Array): void {
    const channels = this.#planes.length;
    const frames = samples.length / channels;
    const skip = Math.min(frames, Math.max(0, this.#skipFrames - this.frames));
    this.frames += skip;
    for (let at = skip; at < frames; ) {
      const count = Math.min(frames - at, PIECE_FRAMES - this.#filled);
      this.#planes.forEach((plane, channel) => {
        for (let i = 0; i < count; i++)
          plane[this.#filled + i] = samples[(at + i) * channels + channel] ?? 0;
      });
      this.#filled += count;
      this.frames += count;
      at += count;
      if (this.#filled === PIECE_FRAMES) this.#send();
    }
  }

  #send(): void {
    if (this.#filled === 0) return;
    const planes = this.#planes.map((plane) => plane.subarray(0, this.#filled));
    post(
      { kind: 'pcm', startFrame: this.frames - this.#filled, planes },
      planes.map(({ buffer }) => buffer),
    );
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
          message.skipSeconds,
        );
      } catch (cause) {
        fail(cause);
      }
      return;
  }
});
