import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Level is looked at in steps of 10 ms. */
const STEP_SAMPLES = SAMPLE_RATE_HZ / 100;

/**
 * A word is over when its level stays this much below its loudest step, in dB. On training speech the
 * ends are then nearest to those of forced alignment; 18 to 25 dB make little difference.
 */
const FALL_DB = 22;

/**
 * Where the sound of a word ends, of which only the beginning and the next word's are known: a pause
 * behind it is no part of it. In noise as loud as the word there is no telling, and it lasts up to the
 * next.
 * @returns a sample in (startSample, endSample]
 */
export function findWordEnd(pcm: Float32Array, startSample: number, endSample: number): number {
  const powers: number[] = [];
  for (let from = startSample; from < endSample; from += STEP_SAMPLES) {
    const step = pcm.subarray(from, Math.min(from + STEP_SAMPLES, endSample));
    const sum = step.reduce((total, value) => total + value * value, 0);
    powers.push(sum / Math.max(1, step.length));
  }
  const least = Math.max(...powers) * 10 ** (-FALL_DB / 10);
  const last = powers.findLastIndex((power) => power > least);
  return last < 0 ? endSample : Math.min(endSample, startSample + (last + 1) * STEP_SAMPLES);
}
