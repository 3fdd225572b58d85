import { assert } from '@/lib/core';

/**
 * Power spectrum of real frames of one even size, half of which has no prime factors but 2 and 5.
 *
 * The frame is read as complex numbers of half the size (even samples real, odd ones imaginary),
 * transformed by Stockham's self-sorting algorithm in radices 4, 2 and 5, and taken apart
 * (Sorensen et al., "Real-valued fast Fourier transform algorithms", 1987). Nothing is allocated
 * after the constructor.
 */
export class RealFft {
  /** Number of values in a power spectrum: frequencies 0 to half the sample rate. */
  readonly bins: number;
  private readonly passes: Pass[] = [];
  private readonly spare: Float64Array;
  /** Cosine and sine of bin k's turn, for bins up to a quarter of the size. */
  private readonly turns: Float64Array;

  constructor(readonly size: number) {
    assert(size > 0 && size % 4 === 0, 'the size of a frame is a multiple of 4');
    this.bins = size / 2 + 1;
    this.spare = new Float64Array(size);
    this.turns = new Float64Array(size / 2 + 2);
    for (let bin = 0; bin <= size / 4; bin++) {
      this.turns[2 * bin] = Math.cos((2 * Math.PI * bin) / size);
      this.turns[2 * bin + 1] = -Math.sin((2 * Math.PI * bin) / size);
    }
    let rest = size / 2;
    for (let stride = 1; rest > 1; ) {
      const radix = rest % 4 === 0 ? 4 : rest % 2 === 0 ? 2 : 5;
      assert(rest % radix === 0, 'a frame has no prime factors but 2 and 5');
      this.passes.push({ radix, groups: rest / radix, stride, twiddles: twiddles(rest, radix) });
      rest /= radix;
      stride *= radix;
    }
  }

  /**
   * @param frame [size] samples; overwritten
   * @param power [bins] squared magnitudes
   */
  power(frame: Float64Array, power: Float64Array): void {
    let from = frame;
    let to = this.spare;
    for (const pass of this.passes) {
      if (pass.radix === 4) radix4(from, to, pass);
      else if (pass.radix === 5) radix5(from, to, pass);
      else radix2(from, to, pass);
      [from, to] = [to, from];
    }
    this.splitMergedDecoder(from, power);
  }

  /** From the spectrum of pairs of samples to that of the samples. */
  private splitMergedDecoder(pairs: Float64Array, power: Float64Array): void {
    const { turns } = this;
    const half = this.size / 2;
    const sum = (pairs[0] ?? 0) + (pairs[1] ?? 0);
    const difference = (pairs[0] ?? 0) - (pairs[1] ?? 0);
    power[0] = sum * sum;
    power[half] = difference * difference;
    for (let bin = 1; 2 * bin <= half; bin++) {
      const low = 2 * bin;
      const high = 2 * (half - bin);
      const lowRe = pairs[low] ?? 0;
      const lowIm = pairs[low + 1] ?? 0;
      const highRe = pairs[high] ?? 0;
      const highIm = pairs[high + 1] ?? 0;
      const evenRe = lowRe + highRe;
      const evenIm = lowIm - highIm;
      const oddRe = lowIm + highIm;
      const oddIm = highRe - lowRe;
      const cos = turns[low] ?? 0;
      const sin = turns[low + 1] ?? 0;
      const turnedRe = oddRe * cos - oddIm * sin;
      const turnedIm = oddRe * sin + oddIm * cos;
      const re = evenRe + turnedRe;
      const im = evenIm + turnedIm;
      const mirroredRe = evenRe - turnedRe;
      const mirroredIm = evenIm - turnedIm;
      power[bin] = 0.25 * (re * re + im * im);
      power[half - bin] = 0.25 * (mirroredRe * mirroredRe + mirroredIm * mirroredIm);
    }
  }
}

/** Turns of points 1 to radix - 1 after the butterflies of a transform of `length` points. */
function twiddles(length: number, radix: number): Float64Array {
  const groups = length / radix;
  const table = new Float64Array(groups * (radix - 1) * 2);
  let at = 0;
  for (let group = 0; group < groups; group++)
    for (let point = 1; point < radix; point++) {
      const angle = (-2 * Math.PI * group * point) / length;
      table[at++] = Math.cos(angle);
      table[at++] = Math.sin(angle);
    }
  return table;
}

/**
 * Hann window: a raised cosine from 0 to 1 and back.
 * @param periodic one period of `length` samples (the last is not 0 again), as for a spectrogram;
 * otherwise symmetric, both ends 0
 */
export function hannWindow(length: number, periodic: boolean): Float64Array {
  const period = periodic ? length : length - 1;
  return Float64Array.from(
    { length },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / period),
  );
}

/**
 * One pass of Stockham's algorithm over a whole signal of complex numbers (real and imaginary parts
 * in turn): `groups` transforms of `radix` points, each for `stride` series. It reads one array and
 * writes another, in the order of the next pass.
 */
interface Pass {
  radix: 2 | 4 | 5;
  groups: number;
  stride: number;
  /** [groups, radix - 1] cosine and sine that points 1 to radix - 1 are turned by. */
  twiddles: Float64Array;
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

/** Sums and differences: see {@link Pass}. */
function radix2(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  for (let group = 0; group < groups; group++) {
    const cos = twiddles[2 * group] ?? 0;
    const sin = twiddles[2 * group + 1] ?? 0;
    let read = 2 * stride * group;
    let write = 2 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re = re0 - re1;
      const im = im0 - im1;
      to[write] = re0 + re1;
      to[write + 1] = im0 + im1;
      to[write + 2 * stride] = re * cos - im * sin;
      to[write + 2 * stride + 1] = re * sin + im * cos;
    }
  }
}

/** Transforms of four points: see {@link Pass}. */
function radix4(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  const out = 2 * stride;
  for (let group = 0; group < groups; group++) {
    const cos1 = twiddles[6 * group] ?? 0;
    const sin1 = twiddles[6 * group + 1] ?? 0;
    const cos2 = twiddles[6 * group + 2] ?? 0;
    const sin2 = twiddles[6 * group + 3] ?? 0;
    const cos3 = twiddles[6 * group + 4] ?? 0;
    const sin3 = twiddles[6 * group + 5] ?? 0;
    let read = out * group;
    let write = 4 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re2 = from[read + 2 * step] ?? 0;
      const im2 = from[read + 2 * step + 1] ?? 0;
      const re3 = from[read + 3 * step] ?? 0;
      const im3 = from[read + 3 * step + 1] ?? 0;
      const evenRe = re0 + re2;
      const evenIm = im0 + im2;
      const evenDownRe = re0 - re2;
      const evenDownIm = im0 - im2;
      const oddRe = re1 + re3;
      const oddIm = im1 + im3;
      // times -i
      const oddDownRe = im1 - im3;
      const oddDownIm = re3 - re1;
      to[write] = evenRe + oddRe;
      to[write + 1] = evenIm + oddIm;
      const a = evenDownRe + oddDownRe;
      const b = evenDownIm + oddDownIm;
      to[write + out] = a * cos1 - b * sin1;
      to[write + out + 1] = a * sin1 + b * cos1;
      const c = evenRe - oddRe;
      const d = evenIm - oddIm;
      to[write + 2 * out] = c * cos2 - d * sin2;
      to[write + 2 * out + 1] = c * sin2 + d * cos2;
      const e = evenDownRe - oddDownRe;
      const f = evenDownIm - oddDownIm;
      to[write + 3 * out] = e * cos3 - f * sin3;
      to[write + 3 * out + 1] = e * sin3 + f * cos3;
    }
  }
}

/** Transforms of five points: see {@link Pass}. */
function radix5(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  const out = 2 * stride;
  for (let group = 0; group < groups; group++) {
    const turn = 8 * group;
    let read = out * group;
    let write = 5 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re2 = from[read + 2 * step] ?? 0;
      const im2 = from[read + 2 * step + 1] ?? 0;
      const re3 = from[read + 3 * step] ?? 0;
      const im3 = from[read + 3 * step + 1] ?? 0;
      const re4 = from[read + 4 * step] ?? 0;
      const im4 = from[read + 4 * step + 1] ?? 0;
      // outer (1, 4) and inner (2, 3) points come in conjugate pairs
      const outerRe = re1 + re4;
      const outerIm = im1 + im4;
      const innerRe = re2 + re3;
      const innerIm = im2 + im3;
      to[write] = re0 + outerRe + innerRe;
      to[write + 1] = im0 + outerIm + innerIm;
      const re14 = re0 + COS_72 * outerRe + COS_144 * innerRe;
      const im14 = im0 + COS_72 * outerIm + COS_144 * innerIm;
      const re23 = re0 + COS_144 * outerRe + COS_72 * innerRe;
      const im23 = im0 + COS_144 * outerIm + COS_72 * innerIm;
      const sinRe14 = SIN_72 * (im1 - im4) + SIN_144 * (im2 - im3);
      const sinIm14 = SIN_72 * (re4 - re1) + SIN_144 * (re3 - re2);
      const sinRe23 = SIN_144 * (im1 - im4) - SIN_72 * (im2 - im3);
      const sinIm23 = SIN_144 * (re4 - re1) - SIN_72 * (re3 - re2);
      put(to, write + out, re14 + sinRe14, im14 + sinIm14, twiddles, turn);
      put(to, write + 2 * out, re23 + sinRe23, im23 + sinIm23, twiddles, turn + 2);
      put(to, write + 3 * out, re23 - sinRe23, im23 - sinIm23, twiddles, turn + 4);
      put(to, write + 4 * out, re14 - sinRe14, im14 - sinIm14, twiddles, turn + 6);
    }
  }
}

/** Writes one complex number, turned. */
function put(
  to: Float64Array,
  at: number,
  re: number,
  im: number,
  twiddles: Float64Array,
  turn: number,
): void {
  const cos = twiddles[turn] ?? 0;
  const sin = twiddles[turn + 1] ?? 0;
  to[at] = re * cos - im * sin;
  to[at + 1] = re * sin + im * cos;
}
