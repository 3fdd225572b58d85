import { abortable } from '@/lib/core';
import {
  blockLength,
  type ChannelBlock,
  ClockFollower,
  type DecodeNotice,
} from '@/lib/engine/audio';
import type { BlockSource } from './blocks';
import { FfmpegOutput } from './ffmpeg-output';
import { FfmpegProgram, type FfmpegRunner } from './ffmpeg-program';
import { type FfmpegFacts, FfmpegReport } from './ffmpeg-report';
import { SOURCE_PATH } from './start-ffmpeg';

/** Without shared memory ffmpeg runs again for each of these windows. */
const WINDOW_SECONDS = 60;
/**
 * Decoded in front of each window and dropped. Decoders need some of it to settle in; the
 * rest is for films, where seeking lands on a picture and sound interleaved before it is missed.
 */
const WINDOW_PREROLL_SECONDS = 5;
/** Asked for after each window and dropped: seeking is a few samples off in some containers. */
const WINDOW_SURPLUS_SECONDS = 0.25;

/**
 * Which times ffmpeg goes by. `kept`: the container's own, where 0 is the start. `from-first`: the
 * container's, with the first packet of all at 0. `counted`: none; bare streams are joined from
 * pieces whose own counting starts again.
 */
export type FfmpegTimes = 'kept' | 'from-first' | 'counted';

/**
 * Of MPEG streams ffmpeg takes the first sound for the start, unless it is to add something: then it
 * takes the first of all that the file holds.
 */
const BEFORE_INPUT: Readonly<Record<FfmpegTimes, readonly string[]>> = {
  kept: ['-copyts'],
  'from-first': ['-itsoffset', '0.000001'],
  counted: [],
};

/**
 * To floats of the source's own rate and channels, which our mixer and resampler take from there,
 * so that both decoders give the same PCM. Times are not kept by ffmpeg, which would cut where they
 * jitter: `ashowinfo` prints them.
 */
const TO_FLOATS = 'aformat=sample_fmts=flt';
const SHOW_TIMES = ',ashowinfo';

export interface FfmpegOptions {
  source: Blob;
  /** Folder of ffmpeg.wasm, with a slash at the end. */
  ffmpegUrl: string;
  flow: 'shared' | 'windows';
  /** Sound before it is decoded but not given. */
  fromSeconds: number;
  times: FfmpegTimes;
  /** Which of the source's audio tracks, from 0. */
  track: number;
  /** Makes what runs ffmpeg; not given: ffmpeg.wasm. */
  makeFfmpeg?: (() => FfmpegRunner) | undefined;
}

/**
 * What ffmpeg decodes. It decodes from the start of the source, also for a late `fromSeconds`: its seeking
 * is not exact to the sample in all containers (docs/benchmarks.md). The price of resuming is therefore
 * decoding what lies before, without the rest of the pipeline.
 */
export class FfmpegBlocks implements BlockSource {
  readonly #options: FfmpegOptions;
  readonly #program: FfmpegRunner;
  readonly #report: FfmpegReport;
  readonly #done: ChannelBlock[] = [];
  /** Of the present run. */
  #output: FfmpegOutput | null = null;
  #follower: ClockFollower | null = null;
  #rateHz = 0;
  /** Where the sound that was returned ends, in frames. */
  #reached = 0;
  #window = 0;
  #ended = false;

  private constructor(options: FfmpegOptions) {
    this.#options = options;
    this.#report = new FfmpegReport(options.track);
    this.#program = options.makeFfmpeg?.() ?? new FfmpegProgram(options.flow === 'shared');
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
      if ((await this.#advance(signal)) !== null) this.#endRun();
    }
  }

  readonly isComplete = false;

  async isDoubtful(): Promise<boolean> {
    return false; // no other decoder could do better
  }

  close(): void {
    this.#ended = true;
    this.#program.close();
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { flow, source, ffmpegUrl, fromSeconds } = this.#options;
    await abortable(this.#program.load(source, ffmpegUrl), signal);
    // whole windows, so that a resumed run makes the same ones
    if (flow === 'windows') this.#runWindow(Math.floor(fromSeconds / WINDOW_SECONDS));
    else this.#run([], 0, fromSeconds);
    while (this.#rateHz === 0) {
      const status = await this.#advance(signal);
      if (status === null) continue;
      // a late window may lie after the end: that is not a failure
      if (status !== 0 || this.facts.codec === null) throw this.#report.failure();
      this.#ended = true;
      return;
    }
  }

  #runWindow(window: number): void {
    this.#window = window;
    const wanted = window * WINDOW_SECONDS;
    const start = Math.max(0, wanted - WINDOW_PREROLL_SECONDS);
    const length = wanted - start + WINDOW_SECONDS + WINDOW_SURPLUS_SECONDS;
    // seeking to 0 would pass over sound that lies before the first picture
    const seek = start > 0 ? ['-ss', String(start)] : [];
    this.#run([...seek, '-t', String(length)], start, wanted);
  }

  /**
   * @param startSeconds where the run begins to decode
   * @param wantedSeconds what lies well before it is passed over
   */
  #run(beforeInput: readonly string[], startSeconds: number, wantedSeconds: number): void {
    const { times, track } = this.#options;
    const isCounted = times === 'counted';
    // ffmpeg counts from where it seeks to, unless it keeps the container's times
    const clockStart = times === 'kept' ? 0 : startSeconds;
    this.#follower = null;
    this.#output = new FfmpegOutput(
      { wantedSeconds: wantedSeconds - clockStart, isCounted, clockStart },
      (rateHz) => {
        this.#rateHz = rateHz;
        this.#follower = new ClockFollower(rateHz);
        return this.#follower;
      },
    );
    this.#program.run([
      ...['-hide_banner', '-nostats', '-loglevel', 'level+info'],
      ...BEFORE_INPUT[times],
      // a clock that jumps ahead is followed, so that all ways to read a source agree
      ...['-dts_delta_threshold', '1e9'],
      ...beforeInput,
      ...['-i', SOURCE_PATH, '-map', `0:a:${track}`, '-vn', '-sn', '-dn'],
      ...['-af', TO_FLOATS + (isCounted ? '' : SHOW_TIMES)],
      // `flush_packets`: sound comes as it is decoded, not by the quarter megabyte
      ...['-c:a', 'pcm_f32le', '-f', 'wav', '-bitexact', '-flush_packets', '1'],
    ]);
  }

  /** Takes what ffmpeg says next. @returns the status of a run that ended; `null` while it runs */
  async #advance(signal: AbortSignal): Promise<number | null> {
    const event = await this.#program.next(signal);
    const output = this.#output;
    switch (event.kind) {
      case 'line':
        if (!output?.readTime(event.line))
          this.#report.add(event.line, (output?.seconds ?? 0) * 1000);
        return null;
      case 'output':
        event.read((bytes) => output?.write(bytes));
        this.#collect();
        return null;
      case 'ended':
        return event.status;
    }
  }

  /** Ends a run, and begins the next where one is due. */
  #endRun(): void {
    this.#follower?.end();
    this.#collect();
    const endSeconds = (this.#window + 1) * WINDOW_SECONDS;
    const hasMore =
      this.#reached >= endSeconds * this.#rateHz || (this.facts.durationSeconds ?? 0) > endSeconds;
    if (this.#options.flow === 'windows' && hasMore) this.#runWindow(this.#window + 1);
    else this.#ended = true;
  }

  /** Takes what is ready; without shared memory only the run's own window, the rest is the next's. */
  #collect(): void {
    const isWhole = this.#options.flow === 'shared';
    const length = WINDOW_SECONDS * this.#rateHz;
    const start = isWhole ? Number.NEGATIVE_INFINITY : this.#window * length;
    const end = isWhole ? Number.POSITIVE_INFINITY : start + length;
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
}
