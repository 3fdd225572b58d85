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
 * To mono at the source's own rate, which our resampler takes from there, so that both decoders
 * give the same PCM. `async=1` and `first_pts=0` put silence where the timestamps leave a hole;
 * `rematrix_maxval=1` keeps the mix from exceeding full scale.
 */
const TO_MONO =
  'aresample=async=1:first_pts=0:min_hard_comp=0.05:rematrix_maxval=1,' +
  'aformat=channel_layouts=mono:sample_fmts=flt';

/** Times counted in samples, for streams that have none of their own. */
const COUNT_SAMPLES = 'asetpts=N/SR/TB,';

// `flush_packets`: pieces come as they are decoded, not by the quarter megabyte
const output = (times: FfmpegTimes) => [
  ...['-map', '0:a:0', '-vn', '-sn', '-dn'],
  ...['-af', (times === 'counted' ? COUNT_SAMPLES : '') + TO_MONO],
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
      ...['-i', SOURCE_PATH, ...output(message.times)],
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
    (rateHz) => {
      this.#skipFrames = Math.floor(this.#fromSeconds * rateHz);
      post({ kind: 'header', rateHz });
    },
    (samples) => this.#add(samples),
  );
  #piece = new Float32Array(PIECE_FRAMES);
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

  #add(samples: Float32Array): void {
    const skip = Math.min(samples.length, Math.max(0, this.#skipFrames - this.frames));
    this.frames += skip;
    for (let at = skip; at < samples.length; ) {
      const count = Math.min(samples.length - at, PIECE_FRAMES - this.#filled);
      this.#piece.set(samples.subarray(at, at + count), this.#filled);
      this.#filled += count;
      this.frames += count;
      at += count;
      if (this.#filled === PIECE_FRAMES) this.#send();
    }
  }

  #send(): void {
    if (this.#filled === 0) return;
    const pcm = this.#piece.subarray(0, this.#filled);
    post({ kind: 'pcm', startFrame: this.frames - this.#filled, pcm }, [pcm.buffer]);
    this.#piece = new Float32Array(PIECE_FRAMES);
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
