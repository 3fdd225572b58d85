import { AppError, isAppError, throwIfAborted } from '@/lib/core';
import {
  type AudioBlock,
  addGap,
  createPeaks,
  type DecodeNotice,
  MAX_GAP_SECONDS,
  type MediaInfo,
  MIX_HISTORY_SECONDS,
  mergeNotices,
  type PcmChunk,
  PcmTimeline,
  type PeakMaker,
  type Probe,
  Resampler,
  readError,
  SAMPLE_RATE_HZ,
  type SpeexModule,
} from '@/lib/engine/audio';
import { PREROLL_SECONDS } from './blocks';
import { CodecStalled } from './codec-blocks';
import type { FfmpegOptions } from './ffmpeg-blocks';
import { type OpenSource, openFast, openFfmpeg } from './open-source';
import { PcmQueue } from './pcm-queue';

/** Length of the first chunks, in seconds: the first text should come early. */
const FIRST_READS_SECONDS = [1, 2];
const READ_SECONDS = 4;

/** A hole in the sound shorter than this is a codec's rounding and not worth reporting. */
const NOTICE_HOLE_SECONDS = 0.05;
/** Silence for a long hole is made in pieces of this length. */
const HOLE_PIECE_SECONDS = 5;
/** ffmpeg sends sound from this long before the position at which it takes over. */
const FFMPEG_LEAD_SECONDS = 0.5 + MIX_HISTORY_SECONDS;

export interface RunOptions {
  source: Blob;
  probe: Probe;
  startSample: number;
  speex: SpeexModule;
  ffmpegUrl: string;
  flow: FfmpegOptions['flow'];
  decoder: 'auto' | 'ffmpeg';
  /** Index of the audio track; `null`: the one that players take. */
  track: number | null;
  makeFfmpeg?: FfmpegOptions['makeFfmpeg'];
}

/**
 * One source being decoded. Starts on the fast path where that can take it, and falls back to ffmpeg, at the
 * sample that was reached, when the fast path breaks off or its end is doubtful.
 */
export class DecodeRun {
  readonly #options: RunOptions;
  readonly #queue = new PcmQueue();
  readonly #peaks: PeakMaker;
  readonly #ownNotices: DecodeNotice[] = [];
  /** Notices of a decoder that was replaced. */
  #pastNotices: readonly DecodeNotice[] = [];
  #pastLoudest = 0;
  #open: OpenSource;
  #timeline: PcmTimeline;
  /** The fast path's timeline, kept until ffmpeg has given sound of its own. */
  #replaced: PcmTimeline | null = null;
  /** A block that begins after a hole which is still being filled. */
  #waiting: AudioBlock | null = null;
  #hasSound = false;
  #reads = 0;
  #chunkStart: number;
  #reopenedAt = -1;
  /** The longest length that a replaced source had stated, in seconds. */
  #expectedSeconds = 0;
  #ended = false;

  private constructor(options: RunOptions, open: OpenSource) {
    this.#options = options;
    this.#open = open;
    this.#chunkStart = options.startSample;
    this.#peaks = createPeaks(options.startSample);
    this.#timeline = this.#makeTimeline(options.startSample);
  }

  static async open(options: RunOptions, signal: AbortSignal): Promise<DecodeRun> {
    const { source, probe, startSample, decoder, track } = options;
    const fast =
      decoder === 'auto' ? await openFast(source, probe, warmUp(startSample), track) : null;
    if (signal.aborted) fast?.blocks.close();
    throwIfAborted(signal);
    return new DecodeRun(options, fast ?? (await openSlow(options, startSample, signal)));
  }

  get info(): MediaInfo {
    return this.#open.info;
  }

  /** The largest |sample| of any channel so far, before mixing. */
  get loudest(): number {
    return Math.max(this.#pastLoudest, this.#open.blocks.loudest);
  }

  get notices(): DecodeNotice[] {
    // a decoder that read the start again found the same things again
    return mergeNotices(this.#pastNotices, this.#open.blocks.notices, this.#ownNotices);
  }

  /** The next chunk; `null` after the last. An aborted read loses nothing. */
  async read(signal: AbortSignal): Promise<PcmChunk | null> {
    const wanted = (FIRST_READS_SECONDS[this.#reads] ?? READ_SECONDS) * SAMPLE_RATE_HZ;
    // one sample more than wanted: only then is it known whether this chunk is the last
    while (!this.#ended && this.#queue.length <= wanted) await this.#advance(signal);
    const isLast = this.#queue.length <= wanted;
    const pcm = this.#queue.take(Math.min(wanted, this.#queue.length));
    if (pcm.length === 0) return null;
    this.#reads += 1;
    const startSample = this.#chunkStart;
    this.#chunkStart += pcm.length;
    const peaks = this.#peaks.push(pcm);
    if (isLast) {
      const values = [...peaks.values, ...this.#peaks.finish().values];
      return { startSample, pcm, peaks: { ...peaks, values: Uint8Array.from(values) } };
    }
    return { startSample, pcm, peaks };
  }

  close(): void {
    this.#ended = true;
    this.#open.blocks.close();
    this.#timeline.dispose();
    this.#replaced?.dispose();
  }

  async #advance(signal: AbortSignal): Promise<void> {
    try {
      const waiting = this.#waiting;
      const block = waiting ?? (await this.#open.blocks.next(signal));
      if (block) this.#place(block, waiting === null);
      else await this.#finish(signal);
    } catch (cause) {
      throwIfAborted(signal);
      const error = readError(cause) ?? cause;
      if (isAppError(error)) throw error;
      if (this.#open.info.decoder === 'ffmpeg') throw error;
      if (await this.#reopen(error)) return;
      await this.#goOnWithFfmpeg(signal, error);
    }
  }

  #place(block: AudioBlock, isNew: boolean): void {
    const { rateHz } = block;
    const next = this.#timeline.nextPosition(rateHz);
    const hole = next === null ? 0 : block.position - next;
    if (isNew && next !== null && hole > NOTICE_HOLE_SECONDS * rateHz)
      addGap(this.#ownNotices, {
        kind: 'missing',
        atMs: Math.round((next / rateHz) * 1000),
        lengthMs: Math.round((hole / rateHz) * 1000),
      });
    const piece = HOLE_PIECE_SECONDS * rateHz;
    this.#waiting = hole > piece ? block : null;
    if (next !== null && hole > piece)
      this.#timeline.add({ position: next, rateHz, mono: new Float32Array(piece) });
    else this.#timeline.add(block);
  }

  /** Browsers take decoders away from pages in the background: a new one continues. */
  async #reopen(error: unknown): Promise<boolean> {
    const cause = error instanceof CodecStalled ? error.cause : null;
    const wasReclaimed = cause instanceof DOMException && cause.name === 'QuotaExceededError';
    const reached = this.#timeline.nextSample;
    if (!wasReclaimed || reached === this.#reopenedAt) return false;
    this.#reopenedAt = reached;
    const { source, probe } = this.#options;
    const { audioTrack } = this.#open.info;
    const open = await openFast(source, probe, warmUp(reached), audioTrack);
    if (!open) return false;
    this.#replaceSource(open);
    this.#timeline.dispose();
    this.#timeline = this.#makeTimeline(reached);
    return true;
  }

  async #finish(signal: AbortSignal): Promise<void> {
    const reached = this.#timeline.nextSample;
    const seconds = reached / SAMPLE_RATE_HZ;
    // a late start that found nothing: the container may state less than there is
    const foundNothing = !this.#hasSound && this.#options.startSample > 0;
    const canSwitch = this.#open.info.decoder === 'webcodecs' && this.#options.decoder === 'auto';
    if (canSwitch && (foundNothing || (await this.#open.blocks.isDoubtful(seconds)))) {
      await this.#goOnWithFfmpeg(signal, null);
      return;
    }
    this.#end();
  }

  /** @param broken why the fast path broke off; `null` when it came to its end */
  async #goOnWithFfmpeg(signal: AbortSignal, broken: unknown): Promise<void> {
    const reached = this.#timeline.nextSample;
    let open: OpenSource;
    try {
      const { audioTrack } = this.#open.info;
      open = await openSlow({ ...this.#options, track: audioTrack }, reached, signal);
    } catch (error) {
      throwIfAborted(signal);
      if (isAppError(error) && (error.fatal || error.code.startsWith('SOURCE_'))) throw error;
      // nothing at all was decoded: ffmpeg's reason is the better one
      if (!this.#hasSound && this.#options.startSample === 0) throw error;
      this.#end(broken !== null || !this.#hasSound);
      return;
    }
    this.#replaceSource(open);
    this.#replaced = this.#timeline;
    this.#timeline = this.#makeTimeline(reached);
  }

  #replaceSource(open: OpenSource): void {
    this.#pastNotices = [...this.#pastNotices, ...this.#open.blocks.notices];
    this.#pastLoudest = this.loudest;
    this.#open.blocks.close();
    this.#expectedSeconds = Math.max(this.#expectedSeconds, this.#open.expectedSeconds ?? 0);
    this.#open = open;
  }

  #end(isBroken = false): void {
    this.#timeline.finish();
    this.#replaced?.finish();
    this.#replaced = null;
    this.#ended = true;
    const reached = this.#chunkStart + this.#queue.length;
    if (reached === 0)
      throw new AppError('DECODE_EMPTY', 'The audio track holds no sound.', {
        details: { codec: this.#open.info.codec },
      });
    const expected = Math.max(this.#expectedSeconds, this.#open.expectedSeconds ?? 0);
    const missing = expected - reached / SAMPLE_RATE_HZ;
    const isShort = missing > 1 && missing > expected * 0.01;
    if (!isBroken && !isShort) return;
    const reachedMs = Math.round((reached / SAMPLE_RATE_HZ) * 1000);
    if (!isBroken && (this.#open.blocks.isComplete || missing > MAX_GAP_SECONDS)) {
      this.#ownNotices.push({
        kind: 'clock',
        atMs: reachedMs,
        lengthMs: Math.round(missing * 1000),
      });
      return;
    }
    const gaps = this.notices.filter(
      ({ kind, lengthMs, atMs }) => kind === 'gap' && lengthMs === null && reachedMs - atMs > 1000,
    );
    const [gap] = gaps;
    if (!isBroken && gap) {
      // the time that is missing was lost there, and not at the end
      if (gaps.length === 1)
        this.#ownNotices.push({ ...gap, lengthMs: Math.round(missing * 1000) });
      return;
    }
    this.#ownNotices.push({
      kind: 'cut-off',
      atMs: reachedMs,
      lengthMs: isShort ? Math.round(missing * 1000) : null,
    });
  }

  #makeTimeline(startSample: number): PcmTimeline {
    const { speex } = this.#options;
    return new PcmTimeline(
      startSample,
      (rateHz) => new Resampler(speex, rateHz),
      (pcm) => {
        this.#hasSound = true;
        this.#queue.push(pcm);
        this.#replaced?.dispose();
        this.#replaced = null;
      },
    );
  }
}

function warmUp(startSample: number): number {
  return Math.max(0, startSample / SAMPLE_RATE_HZ - PREROLL_SECONDS);
}

function openSlow(
  { source, probe, ffmpegUrl, flow, track, makeFfmpeg }: RunOptions,
  fromSample: number,
  signal: AbortSignal,
): Promise<OpenSource> {
  const fromSeconds = Math.max(0, fromSample / SAMPLE_RATE_HZ - FFMPEG_LEAD_SECONDS);
  return openFfmpeg(
    { source, ffmpegUrl, flow, fromSeconds, track: track ?? 0, makeFfmpeg },
    probe,
    signal,
  );
}
