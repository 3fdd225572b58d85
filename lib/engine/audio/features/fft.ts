import { assert } from '@/lib/core';
import { type Pass, radix2, radix4, radix5 } from './butterflies';

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

/** Turns of points 1 to radix - 1 behind the butterflies of a transform of `length` points. */
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
