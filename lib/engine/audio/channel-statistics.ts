import type { ChannelBlock } from './types';

/** Frames in a span; each is about 20 ms long. */
export const FRAMES_PER_SPAN = 25;
const FRAMES_PER_SECOND = 50;

/** Statistics are made of sound averaged down to about this rate: speech lies below half of it. */
const ANALYSIS_RATE_HZ = 8000;
/** Below this there is hum and rumble, and little speech. */
const LOW_CUT_HZ = 200;

/** How a rate's samples fall into frames and spans of statistics. All lengths are whole samples. */
export interface SpanGrid {
  /** Samples averaged into one. */
  step: number;
  frameSamples: number;
  /** Spans lie at multiples of this, counted from the media's start. */
  spanSamples: number;
  /** Coefficient of the low cut. */
  decay: number;
}

/** The grid of a sample rate. */
export function spanGrid(rateHz: number): SpanGrid {
  const step = Math.max(1, Math.round(rateHz / ANALYSIS_RATE_HZ));
  const frameSamples = step * Math.max(1, Math.round(rateHz / step / FRAMES_PER_SECOND));
  return {
    step,
    frameSamples,
    spanSamples: frameSamples * FRAMES_PER_SPAN,
    decay: Math.exp((-2 * Math.PI * LOW_CUT_HZ * step) / rateHz),
  };
}

/** What a span of sound is like. */
export interface SpanStatistics {
  /**
   * Products of the channels in the speech band, in full scale squared, frame by frame: for each
   * frame, the mean of channel i times channel j for all i <= j, row by row.
   */
  products: Float64Array;
  frames: number;
  /** The largest |sample| of any channel. */
  loudest: number;
}

/** Entries of one frame's products. */
export function pairCount(channels: number): number {
  return (channels * (channels + 1)) / 2;
}

/**
 * Measures one whole span. It depends on nothing outside it, so that a run which begins late finds
 * the same numbers.
 * @param isFilled whether a frame is wholly there; others are left out
 */
export function measureSpan(
  planes: readonly Float32Array[],
  grid: SpanGrid,
  isFilled: (frame: number) => boolean,
): SpanStatistics {
  const bands = planes.map((plane) => speechBand(plane, grid));
  const pairs = pairCount(planes.length);
  const products = new Float64Array(FRAMES_PER_SPAN * pairs);
  const length = grid.frameSamples / grid.step;
  let frames = 0;
  for (let frame = 0; frame < FRAMES_PER_SPAN; frame++) {
    if (!isFilled(frame)) continue;
    let at = frames * pairs;
    for (let i = 0; i < bands.length; i++)
      for (let j = i; j < bands.length; j++)
        products[at++] = meanProduct(bands[i], bands[j], frame * length, length);
    frames += 1;
  }
  return { products: products.subarray(0, frames * pairs), frames, loudest: loudestOf(planes) };
}

/** Averaged down, and without what lies below speech. */
function speechBand(plane: Float32Array, { step, decay }: SpanGrid): Float32Array {
  const out = new Float32Array(Math.floor(plane.length / step));
  let [before, once, twice] = [Number.NaN, 0, 0];
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let end = at + step; at < end; at++) sum += plane[at] ?? 0;
    const value = sum / step;
    // a span begins at rest, wherever its first sample lies
    const change = Number.isNaN(before) ? 0 : value - before;
    before = value;
    // the same first-order low cut twice
    const next = decay * (once + change);
    twice = decay * (twice + next - once);
    once = next;
    out[i] = twice;
  }
  return out;
}

function meanProduct(
  a: Float32Array | undefined,
  b: Float32Array | undefined,
  from: number,
  length: number,
): number {
  if (!a || !b) return 0;
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum / length;
}

function loudestOf(planes: readonly Float32Array[]): number {
  let loudest = 0;
  for (const plane of planes)
    for (let i = 0; i < plane.length; i++) {
      const size = Math.abs(plane[i] ?? 0);
      if (size > loudest) loudest = size;
    }
  return loudest;
}

/** Whether two blocks can lie on one grid. */
export function sameShape(a: ChannelBlock, b: ChannelBlock): boolean {
  return a.rateHz === b.rateHz && a.planes.length === b.planes.length;
}
