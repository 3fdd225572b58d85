import { SAMPLE_RATE_HZ } from './constants';

/**
 * How input samples of one rate and output samples at `SAMPLE_RATE_HZ` fall together: every
 * `inputPeriod` input samples span exactly `outputPeriod` output samples (441 and 160 at 44.1 kHz).
 */
export interface RateRatio {
  rateHz: number;
  inputPeriod: number;
  outputPeriod: number;
}

/** @param rateHz a positive integer */
export function rateRatio(rateHz: number): RateRatio {
  const divisor = greatestCommonDivisor(rateHz, SAMPLE_RATE_HZ);
  return { rateHz, inputPeriod: rateHz / divisor, outputPeriod: SAMPLE_RATE_HZ / divisor };
}

/** The last input sample at or before `inputSample` that falls exactly on an output sample. */
export function alignDown(ratio: RateRatio, inputSample: number): number {
  return Math.floor(inputSample / ratio.inputPeriod) * ratio.inputPeriod;
}

/** The output sample that falls on an aligned input sample. */
export function outputAt(ratio: RateRatio, alignedInputSample: number): number {
  return (alignedInputSample / ratio.inputPeriod) * ratio.outputPeriod;
}

/** How many output samples begin before `inputSample` (exclusive end of the input). */
export function outputCount(ratio: RateRatio, inputSample: number): number {
  // split, since the plain product leaves the exact integers after some hours at 192 kHz
  const whole = Math.floor(inputSample / ratio.inputPeriod);
  const rest = inputSample - whole * ratio.inputPeriod;
  return whole * ratio.outputPeriod + Math.ceil((rest * ratio.outputPeriod) / ratio.inputPeriod);
}

/** The input sample at or before an output sample. */
export function inputAt(ratio: RateRatio, outputSample: number): number {
  const whole = Math.floor(outputSample / ratio.outputPeriod);
  const rest = outputSample - whole * ratio.outputPeriod;
  return whole * ratio.inputPeriod + Math.floor((rest * ratio.inputPeriod) / ratio.outputPeriod);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
