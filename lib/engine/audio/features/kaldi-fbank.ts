import { SAMPLE_RATE_HZ } from '../constants';
import { RealFft } from './fft';

const FFT_SAMPLES = 512;
const WINDOW_SAMPLES = 400;
/** Samples from one frame to the next: 10 ms. */
const HOP_SAMPLES = 160;
const PRE_EMPHASIS = 0.97;
const LOWEST_HZ = 20;
/** Kaldi's floor of an energy: the difference of 1 and the next larger 32-bit float. */
const FLOOR = 2 ** -23;

/** What toolkits set differently. */
export interface KaldiFbankOptions {
  bands: number;
  /** `povey`: Kaldi's own, a Hann window to the power of 0.85. */
  window: 'povey' | 'hamming';
  /** Samples are multiplied with it: 32768 where they were 16-bit integers in training. */
  scale: number;
}

interface Filter {
  /** The bin of the first weight. */
  first: number;
  weights: number[];
}

/**
 * Log-mel filter banks as Kaldi computes them (`compute-fbank-feats` without dither and energy): frames
 * that lie whole inside the signal, without their mean, pre-emphasised, and triangular filters of equal
 * width and height on the mel scale of 1127 ln(1 + Hz / 700).
 */
export class KaldiFbank {
  readonly bands: number;
  private readonly fft = new RealFft(FFT_SAMPLES);
  private readonly window: Float64Array;
  private readonly scale: number;
  private readonly filters: Filter[];
  private readonly frame = new Float64Array(FFT_SAMPLES);
  private readonly power = new Float64Array(this.fft.bins);

  constructor({ bands, window, scale }: KaldiFbankOptions) {
    this.bands = bands;
    this.scale = scale;
    this.window = windowOf(window);
    this.filters = filtersOf(bands);
  }

  /** Frames of this many samples. */
  framesOf(samples: number): number {
    return Math.max(0, Math.floor((samples - WINDOW_SAMPLES) / HOP_SAMPLES) + 1);
  }

  /**
   * @param pcm samples at 16 kHz in [-1, 1]
   * @returns `features` [frames, bands], natural logarithms
   */
  compute(pcm: Float32Array): { features: Float32Array<ArrayBuffer>; frames: number } {
    const frames = this.framesOf(pcm.length);
    const features = new Float32Array(frames * this.bands);
    for (let frame = 0; frame < frames; frame++) {
      this.cut(pcm, frame * HOP_SAMPLES);
      this.fft.power(this.frame, this.power);
      for (const [band, { first, weights }] of this.filters.entries()) {
        let energy = 0;
        for (const [at, weight] of weights.entries())
          energy += weight * (this.power[first + at] ?? 0);
        features[frame * this.bands + band] = Math.log(Math.max(energy, FLOOR));
      }
    }
    return { features, frames };
  }

  /** Puts the windowed samples from `start` on into `frame`. */
  private cut(pcm: Float32Array, start: number): void {
    const { frame, window, scale } = this;
    let sum = 0;
    for (let at = 0; at < WINDOW_SAMPLES; at++) sum += pcm[start + at] ?? 0;
    const mean = sum / WINDOW_SAMPLES;
    frame.fill(0);
    // the first sample stands for the one before it
    let before = (pcm[start] ?? 0) - mean;
    for (let at = 0; at < WINDOW_SAMPLES; at++) {
      const sample = (pcm[start + at] ?? 0) - mean;
      frame[at] = (window[at] ?? 0) * scale * (sample - PRE_EMPHASIS * before);
      before = sample;
    }
  }
}

function windowOf(kind: KaldiFbankOptions['window']): Float64Array {
  return Float64Array.from({ length: WINDOW_SAMPLES }, (_, at) => {
    const cosine = Math.cos((2 * Math.PI * at) / (WINDOW_SAMPLES - 1));
    return kind === 'hamming' ? 0.54 - 0.46 * cosine : (0.5 - 0.5 * cosine) ** 0.85;
  });
}

const toMel = (hz: number) => 1127 * Math.log(1 + hz / 700);

function filtersOf(bands: number): Filter[] {
  const lowest = toMel(LOWEST_HZ);
  const width = (toMel(SAMPLE_RATE_HZ / 2) - lowest) / (bands + 1);
  const bins = FFT_SAMPLES / 2; // half the sample rate itself is left out
  return Array.from({ length: bands }, (_, band) => {
    const peak = lowest + (band + 1) * width;
    const weights: number[] = [];
    let first = 0;
    for (let bin = 0; bin < bins; bin++) {
      const height = 1 - Math.abs(toMel((bin * SAMPLE_RATE_HZ) / FFT_SAMPLES) - peak) / width;
      if (height <= 0) continue;
      if (weights.length === 0) first = bin;
      weights.push(height);
    }
    return { first, weights };
  });
}
