import {
  measureSpan,
  type SpanGrid,
  type SpanStatistics,
  sameShape,
  spanGrid,
} from './channel-statistics';
import { mixPlane } from './downmix';
import { chooseWeights } from './mix-choice';
import type { AudioBlock } from './timeline';
import type { ChannelBlock } from './types';

/** Spans before and after one that influence its mix: about eight and three seconds. */
const SPANS_BEFORE = 16;
const SPANS_AFTER = 6;

/**
 * How long before a position sound must be given for the mix there to equal that of an uninterrupted run, in
 * seconds: the spans that influence it, one whose weights are faded from, and the one that holds the position
 * (none is longer than 0.6 s).
 */
export const MIX_HISTORY_SECONDS = 12;

/** Weights change over this long, so that no click is heard. */
const FADE_SECONDS = 0.01;

/** A span of the media that is being gathered. */
interface Span {
  /** Its number on the grid. */
  index: number;
  planes: Float32Array<ArrayBuffer>[];
  /** [from, to) in samples from the span's start: what is there, in order. */
  runs: { from: number; to: number }[];
  statistics: SpanStatistics | null;
}

/**
 * Mixes channels down to mono, span by span at fixed positions of the media, each with weights that
 * depend on a bounded span around it alone: the same sound gives the same mix, wherever a run
 * begins and however the sound is cut. Holds a few seconds of sound.
 */
export class Mixer {
  readonly #done: AudioBlock[] = [];
  /** Spans whose sound is still needed, and before them those whose statistics are. */
  #spans: Span[] = [];
  /** How many of `#spans` were mixed and released. */
  #emitted = 0;
  #shape: ChannelBlock | null = null;
  #grid: SpanGrid = spanGrid(1);
  #end = Number.NEGATIVE_INFINITY;
  /** The weights of the span that was released last. */
  #last: { index: number; weights: readonly number[] } | null = null;
  #loudest = 0;

  /** The largest |sample| of any channel so far, before mixing. */
  get loudest(): number {
    return this.#loudest;
  }

  /** Adds the sound that comes next; where it overlaps, what came first stays. */
  add(block: ChannelBlock): void {
    if (!this.#shape || !sameShape(this.#shape, block)) {
      this.finish();
      this.#shape = block;
      this.#grid = spanGrid(block.rateHz);
    }
    const length = block.planes[0]?.length ?? 0;
    const { spanSamples } = this.#grid;
    for (let at = Math.max(0, this.#end - block.position); at < length; ) {
      const position = block.position + at;
      const index = Math.floor(position / spanSamples);
      const from = position - index * spanSamples;
      const count = Math.min(length - at, spanSamples - from);
      const span = this.#spanAt(index, block.planes.length);
      block.planes.forEach((plane, channel) => {
        span.planes[channel]?.set(plane.subarray(at, at + count), from);
      });
      const last = span.runs.at(-1);
      if (last?.to === from) last.to += count;
      else span.runs.push({ from, to: from + count });
      at += count;
      this.#end = position + count;
    }
  }

  /** Nothing follows on what was added: releases what is held. */
  finish(): void {
    while (this.#emitted < this.#spans.length) this.#emit();
    this.#spans = [];
    this.#emitted = 0;
    this.#shape = null;
    this.#end = Number.NEGATIVE_INFINITY;
    this.#last = null;
  }

  /** The next mixed block. */
  take(): AudioBlock | null {
    return this.#done.shift() ?? null;
  }

  #spanAt(index: number, channels: number): Span {
    const last = this.#spans.at(-1);
    if (last?.index === index) return last;
    const span: Span = {
      index,
      planes: Array.from({ length: channels }, () => new Float32Array(this.#grid.spanSamples)),
      runs: [],
      statistics: null,
    };
    this.#spans.push(span);
    // the newest span is still being filled
    while (this.#isDue(index)) this.#emit();
    return span;
  }

  #isDue(newest: number): boolean {
    const next = this.#spans[this.#emitted];
    return next !== undefined && next.index + SPANS_AFTER < newest;
  }

  #emit(): void {
    const span = this.#spans[this.#emitted];
    if (!span) return;
    const { index } = span;
    const within = (before: number, after: number) =>
      this.#spans
        .filter((other) => other.index >= index - before && other.index <= index + after)
        .map((other) => this.#measured(other));
    const channels = span.planes.length;
    const weights = chooseWeights(within(SPANS_BEFORE, SPANS_AFTER), within(1, 1), channels);
    this.#loudest = Math.max(this.#loudest, this.#measured(span).loudest);
    for (const run of span.runs) this.#done.push(this.#mix(span, run, weights));
    this.#last = { index, weights };
    span.planes = [];
    this.#emitted += 1;
    const needed = index + 1 - SPANS_BEFORE;
    while (this.#emitted > 0 && (this.#spans[0]?.index ?? needed) < needed) {
      this.#spans.shift();
      this.#emitted -= 1;
    }
  }

  #measured(span: Span): SpanStatistics {
    const { frameSamples } = this.#grid;
    span.statistics ??= measureSpan(span.planes, this.#grid, (frame) => {
      const from = frame * frameSamples;
      return span.runs.some((run) => run.from <= from && run.to >= from + frameSamples);
    });
    return span.statistics;
  }

  #mix(
    { index, planes }: Span,
    { from, to }: { from: number; to: number },
    weights: readonly number[],
  ): AudioBlock {
    const rateHz = this.#shape?.rateHz ?? 1;
    const mono = mixed(planes, weights, from, to);
    // after a hole there is nothing to fade from
    const before = this.#last?.index === index - 1 ? this.#last.weights : null;
    if (before?.some((weight, channel) => weight !== weights[channel])) {
      const fade = Math.round(FADE_SECONDS * rateHz);
      const old = mixed(planes, before, from, Math.max(from, Math.min(to, fade)));
      for (let i = 0; i < old.length; i++) {
        const share = (from + i) / fade;
        mono[i] = (old[i] ?? 0) * (1 - share) + (mono[i] ?? 0) * share;
      }
    }
    return { position: index * this.#grid.spanSamples + from, rateHz, mono };
  }
}

function mixed(
  planes: readonly Float32Array[],
  weights: readonly number[],
  from: number,
  to: number,
): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(to - from);
  let first = true;
  planes.forEach((plane, channel) => {
    const weight = weights[channel] ?? 0;
    if (weight === 0) return;
    mixPlane(mono, plane.subarray(from, to), weight, first);
    first = false;
  });
  return mono;
}
