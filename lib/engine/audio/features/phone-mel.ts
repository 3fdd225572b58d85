import { SAMPLE_RATE_HZ } from '../constants';
import { hannWindow, RealFft } from './fft';

const FFT_SAMPLES = 512;
const WINDOW_SAMPLES = 400;
/** Samples from one frame to the next: 10 ms. */
const HOP_SAMPLES = 160;
const BANDS = 80;
const PRE_EMPHASIS = 0.97;
const [LOWEST_HZ, HIGHEST_HZ] = [60, 7800];
/** Every recording is brought to this level, so that the floor of the logarithm means the same. */
const LEVEL = 0.05;
const LEVEL_FLOOR = 1e-4;
const ENERGY_FLOOR = 1e-4;
/** What features are multiplied with, their mean taken away. */
const SCALE = 0.4;
/** Frames of features from one row to the next, and those in a row. */
const STRIDE = 3;
const TAPS = 7;

interface Filter {
  /** The bin of the first weight. */
  first: number;
  weights: number[];
}

/** The front end of the network of `training/network.py`, as its exported graph has it: log-mel features, some frames a row. */
export class PhoneMel {
  /** Values of a row. */
  static readonly width = TAPS * BANDS;
  /** Samples from one row to the next. */
  static readonly rowSamples = STRIDE * HOP_SAMPLES;

  private readonly fft = new RealFft(FFT_SAMPLES);
  private readonly window = hannWindow(WINDOW_SAMPLES, true);
  private readonly filters = filtersOf();
  private readonly frame = new Float64Array(FFT_SAMPLES);
  private readonly power = new Float64Array(this.fft.bins);

  /**
   * @param pcm samples at 16 kHz
   * @returns [ceil(samples / rowSamples)][width]
   */
  compute(pcm: Float32Array): Float32Array<ArrayBuffer> {
    const frames = Math.ceil(pcm.length / HOP_SAMPLES);
    const features = this.normalised(pcm, frames);
    const rows = Math.ceil(pcm.length / PhoneMel.rowSamples);
    const found = new Float32Array(rows * PhoneMel.width);
    const side = Math.floor(TAPS / 2);
    for (let row = 0; row < rows; row++) {
      const from = Math.max(0, STRIDE * row - side);
      const to = Math.min(frames, STRIDE * row - side + TAPS);
      const before = from - (STRIDE * row - side);
      found.set(features.subarray(from * BANDS, to * BANDS), row * PhoneMel.width + before * BANDS);
    }
    return found;
  }

  /** Features less their mean over time, [frames][bands]. */
  private normalised(pcm: Float32Array, frames: number): Float32Array {
    const { window, frame, power, fft, filters } = this;
    let squares = 0;
    for (let at = 0; at < pcm.length; at++) squares += (pcm[at] ?? 0) ** 2;
    const gain = LEVEL / (Math.sqrt(squares / Math.max(1, pcm.length)) + LEVEL_FLOOR);
    const features = new Float32Array(frames * BANDS);
    const sums = new Float64Array(BANDS);
    for (let at = 0; at < frames; at++) {
      const first = at * HOP_SAMPLES - WINDOW_SAMPLES / 2;
      frame.fill(0);
      for (let n = 0; n < WINDOW_SAMPLES; n++) {
        const difference = (pcm[first + n + 1] ?? 0) - PRE_EMPHASIS * (pcm[first + n] ?? 0);
        frame[n] = gain * (window[n] ?? 0) * difference;
      }
      fft.power(frame, power);
      for (let band = 0; band < BANDS; band++) {
        const { first: bin = 0, weights = [] } = filters[band] ?? {};
        let energy = 0;
        for (let k = 0; k < weights.length; k++)
          energy += (weights[k] ?? 0) * (power[bin + k] ?? 0);
        const feature = Math.log(energy + ENERGY_FLOOR);
        features[at * BANDS + band] = feature;
        sums[band] = (sums[band] ?? 0) + feature;
      }
    }
    for (let at = 0; at < features.length; at++)
      features[at] = SCALE * ((features[at] ?? 0) - (sums[at % BANDS] ?? 0) / frames);
    return features;
  }
}

/** HTK's mel scale. */
const toMel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
const toHz = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/** Triangles of height 1, as wide as their neighbours are apart. */
function filtersOf(): Filter[] {
  const [low, high] = [toMel(LOWEST_HZ), toMel(HIGHEST_HZ)];
  const edge = (at: number) => toHz(low + ((high - low) * at) / (BANDS + 1));
  const binHz = SAMPLE_RATE_HZ / FFT_SAMPLES;
  return Array.from({ length: BANDS }, (_, band) => {
    const [left, centre, right] = [edge(band), edge(band + 1), edge(band + 2)];
    const first = Math.floor(left / binHz) + 1;
    const weights: number[] = [];
    for (let bin = first; bin * binHz < right; bin++)
      weights.push(
        Math.min((bin * binHz - left) / (centre - left), (right - bin * binHz) / (right - centre)),
      );
    // narrower than a bin: the nearest one stands for it
    return weights.length > 0
      ? { first, weights }
      : { first: Math.round(centre / binHz), weights: [1] };
  });
}
