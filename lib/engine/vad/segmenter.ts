import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import { FRAME_MS, FRAME_SAMPLES } from './constants';
import type { SegmenterOptions } from './options';
import { fullestPause, type Pause, quietestFrame } from './split';

/** Where the state machine stands between two segments: all that the later ones depend on. */
export interface SegmenterPosition {
  nextFrame: number;
  floorSample: number;
  /** The last segment was cut inside speech: the next one begins exactly at `floorSample`. */
  speaking: boolean;
}

/** A finished segment, [startSample, endSample), and the position after it. */
export interface SpeechSpan {
  startSample: number;
  endSample: number;
  after: SegmenterPosition;
}

/** A run of frames of speech that has not ended. */
interface Region {
  from: number;
  last: number;
  /** Long enough to be speech, and counted to the span. */
  confirmed: boolean;
}

/** The segment under way: one or more regions of speech and the pauses between them. */
interface Span {
  startSample: number;
  /** One after the last frame of speech. */
  endFrame: number;
  pauses: Pause[];
}

/** The start of a recording. */
export const FIRST_POSITION: SegmenterPosition = { nextFrame: 0, floorSample: 0, speaking: false };

/**
 * From the probability of speech in each frame to segments. A pure state machine: it sees frames one after
 * another, and its result does not depend on how they arrive. After every segment it restarts from a small
 * position and revisits the frames after the segment; so a run that begins at a stored position gives the
 * same segments as an uninterrupted one.
 *
 * Speech begins at `onThreshold`, continues above `offThreshold`, and ends after `minSilenceMs`
 * below it. Pauses shorter than `maxPauseMs` stay inside a segment while it fits in
 * `maxSegmentMs`; one that does not fit is divided at its best pause, or, where the speaker makes
 * none, at the quietest point, with no sample lost between the two parts.
 */
export class SpeechSegmenter {
  private readonly minSpeechFrames: number;
  private readonly minSilenceFrames: number;
  private readonly maxPauseFrames: number;
  private readonly padSamples: number;
  private readonly maxSamples: number;
  private readonly minSplitSamples: number;

  /** Frames from `baseFrame` on that may have to be revisited. */
  private probabilities: number[] = [];
  private levels: number[] = [];
  private baseFrame: number;

  private position: SegmenterPosition;
  private cursor: number;
  private region: Region | null = null;
  private span: Span | null = null;

  constructor(
    private readonly options: SegmenterOptions,
    from: SegmenterPosition = FIRST_POSITION,
  ) {
    this.minSpeechFrames = Math.max(1, Math.round(options.minSpeechMs / FRAME_MS));
    this.minSilenceFrames = Math.max(1, Math.round(options.minSilenceMs / FRAME_MS));
    this.maxPauseFrames = Math.round(options.maxPauseMs / FRAME_MS);
    this.padSamples = Math.round(options.speechPadMs * SAMPLES_PER_MS);
    this.maxSamples = Math.round(options.maxSegmentMs * SAMPLES_PER_MS);
    this.minSplitSamples = Math.round(options.minSplitMs * SAMPLES_PER_MS);
    this.baseFrame = from.nextFrame;
    this.cursor = from.nextFrame;
    this.position = from;
    this.startFrom(from);
  }

  /** The frame at which `push` continues. */
  get nextFrame(): number {
    return this.baseFrame + this.probabilities.length;
  }

  /** The segment under way and the end of its speech so far; `null` while nobody speaks. */
  get openSpan(): { startSample: number; speechEndSample: number } | null {
    if (!this.span) return null;
    const { startSample, endFrame } = this.span;
    return { startSample, speechEndSample: endFrame * FRAME_SAMPLES };
  }

  /** No later segment holds a sample before this one. */
  get neededFromSample(): number {
    if (this.span) return this.span.startSample;
    return this.paddedStart(this.region?.from ?? this.cursor);
  }

  /** No frame before this one is revisited. */
  get neededFromFrame(): number {
    return this.baseFrame;
  }

  /**
   * Takes the next frames.
   * @param probabilities of speech, one for each frame
   * @param levels mean power of each frame, any scale
   * @returns the segments that are now complete
   */
  push(probabilities: ArrayLike<number>, levels: ArrayLike<number>): SpeechSpan[] {
    for (let i = 0; i < probabilities.length; i++) {
      this.probabilities.push(probabilities[i] ?? 0);
      this.levels.push(levels[i] ?? 0);
    }
    const done: SpeechSpan[] = [];
    while (this.cursor < this.nextFrame) {
      const span = this.step(this.cursor++);
      if (span) done.push(span);
    }
    this.forget();
    return done;
  }

  /**
   * No more frames, or a break: gives the segment under way, if there is one.
   * @param endSample of the recording so far: what follows it belongs to later segments
   */
  finish(endSample: number): SpeechSpan[] {
    this.region = null;
    return this.span ? [this.close(this.span, this.cursor, endSample)] : [];
  }

  private step(frame: number): SpeechSpan | null {
    this.followRegion(frame);
    const { region, span } = this;
    if (!span) return null;
    if (span.endFrame * FRAME_SAMPLES + this.padSamples > span.startSample + this.maxSamples)
      return this.divide(span);
    if (!region && frame + 1 - span.endFrame >= this.maxPauseFrames)
      return this.close(span, frame + 1);
    return null;
  }

  /** Brings region and span up to this frame. */
  private followRegion(frame: number): void {
    const probability = this.probabilities[frame - this.baseFrame] ?? 0;
    if (!this.region) {
      if (probability < this.options.onThreshold) return;
      this.region = { from: frame, last: frame, confirmed: false };
    } else if (probability >= this.options.offThreshold) {
      this.region.last = frame;
    } else if (frame - this.region.last >= this.minSilenceFrames) {
      this.region = null;
      return;
    }
    const { region } = this;
    const length = region.last + 1 - region.from;
    if (!region.confirmed && length >= this.minSpeechFrames) this.confirm(region);
    if (region.confirmed && this.span) this.span.endFrame = region.last + 1;
  }

  private confirm(region: Region): void {
    region.confirmed = true;
    if (this.span) this.span.pauses.push({ from: this.span.endFrame, to: region.from });
    else {
      const startSample = this.paddedStart(region.from);
      this.span = { startSample, endFrame: region.last + 1, pauses: [] };
    }
  }

  private paddedStart(frame: number): number {
    return Math.max(this.position.floorSample, frame * FRAME_SAMPLES - this.padSamples);
  }

  /** Ends the span in silence, or where the recording ends. */
  private close(span: Span, nextFrame: number, limit = Number.POSITIVE_INFINITY): SpeechSpan {
    const endSample = Math.min(span.endFrame * FRAME_SAMPLES + this.padSamples, limit);
    return this.emit(span, endSample, { nextFrame, floorSample: endSample, speaking: false });
  }

  /** Ends a span that does not fit in one segment: at a pause, else inside the speech. */
  private divide(span: Span): SpeechSpan {
    const pause = fullestPause(span, {
      minSamples: this.minSplitSamples,
      maxSamples: this.maxSamples,
      // the first text of a recording should come soon
      takeFirst: this.position.floorSample === 0,
    });
    if (pause) {
      const middle = Math.floor(((pause.from + pause.to) * FRAME_SAMPLES) / 2);
      const endSample = Math.min(pause.from * FRAME_SAMPLES + this.padSamples, middle);
      const nextFrame = Math.floor(middle / FRAME_SAMPLES);
      return this.emit(span, endSample, { nextFrame, floorSample: endSample, speaking: false });
    }
    const frame = quietestFrame(span, this.maxSamples, (at) => this.levels[at - this.baseFrame]);
    const cut = frame * FRAME_SAMPLES + FRAME_SAMPLES / 2;
    return this.emit(span, cut, { nextFrame: frame, floorSample: cut, speaking: true });
  }

  private emit(span: Span, endSample: number, after: SegmenterPosition): SpeechSpan {
    this.startFrom(after);
    return { startSample: span.startSample, endSample, after };
  }

  private startFrom(position: SegmenterPosition): void {
    const { nextFrame, floorSample, speaking } = position;
    this.position = position;
    this.cursor = nextFrame;
    // the frame with the cut counts as speech whatever its probability: what follows it must not be lost
    this.region = speaking ? { from: nextFrame, last: nextFrame, confirmed: true } : null;
    this.span = speaking ? { startSample: floorSample, endFrame: nextFrame + 1, pauses: [] } : null;
  }

  /** Drops frames that no position can point to any more. */
  private forget(): void {
    const spanFrame = this.span && Math.floor(this.span.startSample / FRAME_SAMPLES);
    const keepFrom = Math.min(spanFrame ?? this.region?.from ?? this.cursor, this.cursor);
    const drop = keepFrom - this.baseFrame;
    if (drop <= 0) return;
    this.probabilities.splice(0, drop);
    this.levels.splice(0, drop);
    this.baseFrame = keepFrom;
  }
}
