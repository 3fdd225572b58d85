import { SAMPLE_RATE_HZ } from '../constants';
import { RealFft } from './fft';

/** One frame of audio, and the energy in each mel band of it. */
export class MelFrame {
  /** Windowed samples, which the caller fills in. */
  readonly samples: Float64Array;
  /** By band, as of the last `measure`. */
  readonly energies: Float64Array;
  private readonly fft: RealFft;
  private readonly filters: MelFilters;
  private readonly power: Float64Array;

  constructor(bands: number, fftSamples: number) {
    this.samples = new Float64Array(fftSamples);
    this.energies = new Float64Array(bands);
    this.fft = new RealFft(fftSamples);
    this.filters = new MelFilters(bands, fftSamples);
    this.power = new Float64Array(this.fft.bins);
  }

  /** Updates `energies` from `samples`. */
  measure(): void {
    this.fft.power(this.samples, this.power);
    this.filters.apply(this.power, this.energies);
  }
}

/** Below this frequency the mel scale is linear, above it logarithmic. */
const KNEE_HZ = 1000;
const MELS_PER_HZ = 3 / 200;
const KNEE_MELS = KNEE_HZ * MELS_PER_HZ;
/** Natural logarithms for one mel above the knee: 27 mels for a factor of 6.4. */
const LOGS_PER_MEL = Math.log(6.4) / 27;

/**
 * Triangular filters with equal distances on the mel scale of Slaney's Auditory Toolbox (1998) from
 * 0 Hz to half the sample rate, each with an area of 1 over Hz: what librosa's `filters.mel` makes.
 */
class MelFilters {
  /** First bin of each filter in the spectrum. */
  private readonly firstBin: Int32Array;
  /** Where each filter's weights begin in `weights`, and where the last one's end. */
  private readonly offsets: Int32Array;
  private readonly weights: Float64Array;

  /** @param fftSize samples of a frame whose power spectrum has fftSize / 2 + 1 bins */
  constructor(
    readonly bands: number,
    fftSize: number,
  ) {
    const edges = edgesHz(bands);
    const binHz = SAMPLE_RATE_HZ / fftSize;
    const weights: number[] = [];
    this.firstBin = new Int32Array(bands);
    this.offsets = new Int32Array(bands + 1);
    for (let band = 0; band < bands; band++) {
      const [from = 0, peak = 0, to = 0] = edges.slice(band, band + 3);
      // the bins strictly between the edges; a narrow filter may have none
      const first = Math.floor(from / binHz) + 1;
      this.firstBin[band] = first;
      for (let bin = first; bin * binHz < to && bin <= fftSize / 2; bin++) {
        const rising = (bin * binHz - from) / (peak - from);
        const falling = (to - bin * binHz) / (to - peak);
        weights.push((Math.min(rising, falling) * 2) / (to - from));
      }
      this.offsets[band + 1] = weights.length;
    }
    this.weights = Float64Array.from(weights);
  }

  /**
   * @param power [fftSize / 2 + 1]
   * @param energies [bands]
   */
  apply(power: Float64Array, energies: Float64Array): void {
    const { bands, firstBin, offsets, weights } = this;
    let at = 0;
    for (let band = 0; band < bands; band++) {
      const end = offsets[band + 1] ?? 0;
      let bin = firstBin[band] ?? 0;
      let sum = 0;
      for (; at < end; at++, bin++) sum += (weights[at] ?? 0) * (power[bin] ?? 0);
      energies[band] = sum;
    }
  }
}

/** Lower edge of every filter, and the last one's peak and upper edge, in Hz. */
function edgesHz(bands: number): number[] {
  const top = hzToMel(SAMPLE_RATE_HZ / 2);
  return Array.from({ length: bands + 2 }, (_, at) => melToHz((top * at) / (bands + 1)));
}

function hzToMel(hz: number): number {
  return hz < KNEE_HZ ? hz * MELS_PER_HZ : KNEE_MELS + Math.log(hz / KNEE_HZ) / LOGS_PER_MEL;
}

function melToHz(mels: number): number {
  return mels < KNEE_MELS
    ? mels / MELS_PER_HZ
    : KNEE_HZ * Math.exp((mels - KNEE_MELS) * LOGS_PER_MEL);
}
