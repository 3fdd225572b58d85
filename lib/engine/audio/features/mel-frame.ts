import { RealFft } from './fft';
import { MelFilters } from './mel-filters';

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
