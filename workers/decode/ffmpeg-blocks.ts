import { AppError, ERROR_CODES, onAbort, throwIfAborted } from '@/lib/core';
import {
  blockLength,
  type ChannelBlock,
  ClockFollower,
  type DecodeNotice,
} from '@/lib/engine/audio';
import type { BlockSource } from './blocks';
import type { FfmpegTimes, FromFfmpeg, ToFfmpeg } from './ffmpeg-protocol';
import { type FfmpegFacts, FfmpegReport } from './ffmpeg-report';

/** Without shared memory ffmpeg runs again for each of these stretches. */
const WINDOW_SECONDS = 60;
/**
 * Decoded in front of each stretch and dropped. Decoders need some of it to come to themselves; the
 * rest is for films, where seeking lands on a picture and sound interleaved before it is missed.
 */
const WINDOW_PREROLL_SECONDS = 5;
/** Asked for behind each stretch and dropped: seeking is a few samples off in some containers. */
const WINDOW_SURPLUS_SECONDS = 0.25;

export interface FfmpegOptions {
  source: Blob;
  coreUrl: string;
  flow: 'shared' | 'windows';
  /** Sound before it is decoded but not given. */
  fromSeconds: number;
  times: FfmpegTimes;
  /** Which of the source's audio tracks, from 0. */
  track: number;
}

/**
 * ffmpeg in a worker of its own, since one run keeps its thread busy to the end. It decodes from
 * the start of the source, also for a late `fromSeconds`: its seeking is not exact to the sample in
 * all containers. The price of resuming is therefore decoding what lies before, without the rest
 * of the pipeline.
 */
export class FfmpegBlocks implements BlockSource {
  readonly #options: FfmpegOptions;
  readonly #worker: Worker;
  readonly #flow: Int32Array | null;
  readonly #report: FfmpegReport;
  readonly #inbox: FromFfmpeg[] = [];
  readonly #done: ChannelBlock[] = [];
  #wake: (() => void) | null = null;
  #rateHz = 0;
  /** Of the present run. */
  #follower: ClockFollower | null = null;
  /** Where the sound ends that was given out, in frames. */
  #reached = 0;
  #window = 0;
  /** Where the run began to decode, in seconds; with shared memory there is one, from 0. */
  #runStart = 0;
  #ended = false;

  private constructor(options: FfmpegOptions) {
    this.#options = options;
    this.#report = new FfmpegReport(options.track);
    const shared = options.flow === 'shared' ? new SharedArrayBuffer(4) : null;
    this.#flow = shared ? new Int32Array(shared) : null;
    this.#worker = new Worker(new URL('./ffmpeg.worker.ts', import.meta.url), {
      type: 'module',
      name: 'ffmpeg',
    });
    this.#worker.addEventListener('message', (event: MessageEvent<FromFfmpeg>) =>
      this.#receive(event.data),
    );
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#receive({ kind: 'failed', name: 'Error', message: event.message || 'did not load' });
    });
    this.#send({
      kind: 'start',
      source: options.source,
      coreUrl: options.coreUrl,
      outstanding: shared,
      fromSeconds: options.fromSeconds,
      times: options.times,
      track: options.track,
    });
  }

  /**
   * Starts ffmpeg and waits until it has read the source's header.
   * @throws DECODE_INCOMPLETE, DECODE_NO_AUDIO, DECODE_UNSUPPORTED, DECODE_FAILED, SOURCE_GONE
   */
  static async open(options: FfmpegOptions, signal: AbortSignal): Promise<FfmpegBlocks> {
    const blocks = new FfmpegBlocks(options);
    try {
      await blocks.#start(signal);
      return blocks;
    } catch (error) {
      blocks.close();
      throw error;
    }
  }

  get facts(): Readonly<FfmpegFacts> {
    return this.#report.facts;
  }

  get notices(): readonly DecodeNotice[] {
    return this.#report.notices;
  }

  async next(signal: AbortSignal): Promise<ChannelBlock | null> {
    for (;;) {
      const block = this.#done.shift();
      if (block) return block;
      if (this.#ended) return null;
      const message = await this.#take(signal);
      if (message.kind === 'pcm') this.#follow(message);
      if (message.kind === 'ended') this.#endRun();
    }
  }

  readonly isComplete = false;

  async isDoubtful(): Promise<boolean> {
    return false; // nobody else could do better
  }

  close(): void {
    this.#ended = true;
    // ends ffmpeg wherever it is, also while it sleeps
    this.#worker.terminate();
  }

  async #start(signal: AbortSignal): Promise<void> {
    if (!this.#flow) {
      await this.#take(signal); // `ready`
      // whole windows, so that a resumed run makes the same ones
      this.#runWindow(Math.floor(this.#options.fromSeconds / WINDOW_SECONDS));
    }
    while (this.#rateHz === 0) {
      const message = await this.#take(signal);
      if (message.kind === 'header') this.#rateHz = message.rateHz;
      if (message.kind !== 'ended') continue;
      // a late window may lie behind the end: that is no failure
      if (message.status !== 0 || this.facts.codec === null) throw this.#report.failure();
      this.#ended = true;
      return;
    }
  }

  #runWindow(window: number): void {
    this.#window = window;
    const startSeconds = window * WINDOW_SECONDS;
    this.#runStart = Math.max(0, startSeconds - WINDOW_PREROLL_SECONDS);
    this.#send({
      kind: 'window',
      fromSeconds: this.#runStart,
      // ffmpeg counts from where it seeks to, unless it keeps the container's times
      wantedSeconds: startSeconds - this.#clockStart,
      lengthSeconds: startSeconds - this.#runStart + WINDOW_SECONDS + WINDOW_SURPLUS_SECONDS,
    });
  }

  /** What ffmpeg's times of this run count from. */
  get #clockStart(): number {
    return this.#options.times === 'kept' ? 0 : this.#runStart;
  }

  /** Ends a run, and begins the next where one is due. */
  #endRun(): void {
    this.#follower?.end();
    this.#collect();
    this.#follower = null;
    const endSeconds = (this.#window + 1) * WINDOW_SECONDS;
    const goesOn =
      this.#reached >= endSeconds * this.#rateHz || (this.facts.durationSeconds ?? 0) > endSeconds;
    if (!this.#flow && goesOn) this.#runWindow(this.#window + 1);
    else this.#ended = true;
  }

  #follow({ startFrame, planes, times }: Extract<FromFfmpeg, { kind: 'pcm' }>): void {
    this.#follower ??= new ClockFollower(this.#rateHz);
    for (const { frame, seconds } of times) this.#follower.mark(frame, this.#clockStart + seconds);
    this.#follower.add({ position: startFrame, rateHz: this.#rateHz, planes });
    this.#collect();
  }

  /** Takes what is ready; without shared memory only the run's own stretch, the rest is the next's. */
  #collect(): void {
    const length = WINDOW_SECONDS * this.#rateHz;
    const start = this.#flow ? Number.NEGATIVE_INFINITY : this.#window * length;
    const end = this.#flow ? Number.POSITIVE_INFINITY : start + length;
    for (let block = this.#follower?.take(); block; block = this.#follower?.take()) {
      const from = Math.max(0, start - block.position);
      const to = Math.min(blockLength(block), Math.max(from, end - block.position));
      if (to <= from) continue;
      const position = block.position + from;
      this.#reached = block.position + to;
      const planes = block.planes.map((plane) => plane.subarray(from, to));
      this.#done.push({ ...block, position, planes });
    }
  }

  #send(message: ToFfmpeg): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromFfmpeg): void {
    if (message.kind === 'log') {
      this.#report.add(message.line, (this.#clockStart + message.seconds) * 1000);
      return;
    }
    this.#inbox.push(message);
    this.#wake?.();
  }

  async #take(signal: AbortSignal): Promise<FromFfmpeg> {
    for (;;) {
      throwIfAborted(signal);
      const message = this.#inbox.shift();
      if (!message) {
        await this.#arrival(signal);
        continue;
      }
      if (message.kind === 'failed') throw toFfmpegError(message);
      if (message.kind === 'pcm' && this.#flow) {
        Atomics.sub(this.#flow, 0, 1);
        Atomics.notify(this.#flow, 0);
      }
      return message;
    }
  }

  async #arrival(signal: AbortSignal): Promise<void> {
    let stop: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      stop = onAbort(signal, resolve);
    });
    stop();
    this.#wake = null;
  }
}

/** The app's error for what the ffmpeg worker could not cope with. */
export function toFfmpegError({
  name,
  message,
}: Extract<FromFfmpeg, { kind: 'failed' }>): AppError {
  const code = ERROR_CODES.find((known) => known === name);
  if (code) return new AppError(code, message);
  if (/\bOOM\b|out of memory|memory allocation|enlarge memory|allocation failed/i.test(message))
    return new AppError('OUT_OF_MEMORY', `ffmpeg: ${message}`, { fatal: true });
  return new AppError('DECODE_FAILED', `ffmpeg: ${name}: ${message}`);
}
