import { PEAKS_PER_SECOND, SAMPLE_RATE_HZ } from './constants';
import type { PeakPiece } from './types';

/** Samples behind one peak. */
export const PEAK_HOP_SAMPLES = SAMPLE_RATE_HZ / PEAKS_PER_SECOND;

/** Makes the waveform as PCM arrives; the result does not depend on how the PCM is cut. */
export interface PeakMaker {
  /** Takes the next PCM; gives the peaks that it completed. */
  push(pcm: Float32Array): PeakPiece;
  /** The last, partly filled peak, if any. */
  finish(): PeakPiece;
}

/**
 * @param startSample where the PCM begins; the first peak is that which holds this sample
 */
export function createPeaks(startSample = 0): PeakMaker {
  let peak = Math.floor(startSample / PEAK_HOP_SAMPLES);
  let filled = startSample - peak * PEAK_HOP_SAMPLES;
  let started = false;
  let loudest = 0;

  return {
    push(pcm) {
      const firstPeak = peak;
      const values = new Uint8Array(Math.floor((filled + pcm.length) / PEAK_HOP_SAMPLES));
      let at = 0;
      while (at < pcm.length) {
        const end = Math.min(pcm.length, at + PEAK_HOP_SAMPLES - filled);
        for (let i = at; i < end; i++) {
          const size = Math.abs(pcm[i] ?? 0);
          if (size > loudest) loudest = size;
        }
        started = true;
        filled += end - at;
        at = end;
        if (filled === PEAK_HOP_SAMPLES) {
          values[peak - firstPeak] = quantise(loudest);
          peak += 1;
          filled = 0;
          loudest = 0;
          started = false;
        }
      }
      return { firstPeak, values };
    },
    finish() {
      const values = started ? Uint8Array.of(quantise(loudest)) : new Uint8Array(0);
      const piece = { firstPeak: peak, values };
      if (started) peak += 1;
      filled = 0;
      loudest = 0;
      started = false;
      return piece;
    },
  };
}

/** Rounded up, so that only silence is 0. */
function quantise(size: number): number {
  return Math.min(255, Math.ceil(size * 255));
}
