import { hannWindow } from './fft';
import { MelFrame } from './mel-frame';

const FFT_SAMPLES = 512;
const WINDOW_SAMPLES = 400;
/** Samples from one frame to the next: 10 ms. */
const HOP_SAMPLES = 160;
const PRE_EMPHASIS = 0.97;
/** Added to every energy: the logarithm of silence is finite. */
const GUARD = 2 ** -24;
/** Added to every deviation: a band that does not change is divided by it. */
const DEVIATION_GUARD = 1e-5;

/**
 * Log-mel features of NVIDIA NeMo's models (`AudioToMelSpectrogramPreprocessor` without dither):
 * pre-emphasis, power spectrum of frames centred on every 160th sample of a signal that is zero
 * beyond its ends, natural logarithm of the mel energies, and every band with mean 0 and deviation
 * 1 over the frames of the utterance.
 */
export class NemoMel {
  private readonly window = hannWindow(WINDOW_SAMPLES, false);
  private readonly frame: MelFrame;

  constructor(readonly bands: 80 | 128) {
    this.frame = new MelFrame(bands, FFT_SAMPLES);
  }

  /**
   * @param pcm samples at 16 kHz, of any length
   * @returns `features` [bands, frames], band after band; one frame for every whole 160 samples
   */
  compute(pcm: Float32Array): { features: Float32Array<ArrayBuffer>; frames: number } {
    const { bands } = this;
    const { energies } = this.frame;
    const frames = Math.floor(pcm.length / HOP_SAMPLES);
    const features = new Float32Array(bands * frames);
    for (let frame = 0; frame < frames; frame++) {
      this.cut(pcm, frame * HOP_SAMPLES - WINDOW_SAMPLES / 2);
      this.frame.measure();
      for (let band = 0, at = frame; band < bands; band++, at += frames)
        features[at] = Math.log((energies[band] ?? 0) + GUARD);
    }
    for (let band = 0; band < bands; band++)
      normalise(features.subarray(band * frames, (band + 1) * frames));
    return { features, frames };
  }

  /**
   * Puts the pre-emphasised and windowed samples from `start` on into `frame`. They come first and
   * zeros after them: where in the frame they lie makes no difference to its power.
   */
  private cut(pcm: Float32Array, start: number): void {
    const { window } = this;
    const frame = this.frame.samples;
    const from = Math.max(0, -start);
    const to = Math.min(WINDOW_SAMPLES, pcm.length - start);
    frame.fill(0);
    let before = start + from > 0 ? (pcm[start + from - 1] ?? 0) : 0;
    for (let at = from; at < to; at++) {
      const sample = pcm[start + at] ?? 0;
      frame[at] = (window[at] ?? 0) * (sample - PRE_EMPHASIS * before);
      before = sample;
    }
  }
}

/** One band to mean 0 and standard deviation 1; a single frame becomes 0. */
function normalise(row: Float32Array): void {
  let sum = 0;
  for (let at = 0; at < row.length; at++) sum += row[at] ?? 0;
  const mean = sum / row.length;
  let squares = 0;
  for (let at = 0; at < row.length; at++) squares += ((row[at] ?? 0) - mean) ** 2;
  const deviation = row.length > 1 ? Math.sqrt(squares / (row.length - 1)) : 0;
  const factor = 1 / (deviation + DEVIATION_GUARD);
  for (let at = 0; at < row.length; at++) row[at] = ((row[at] ?? 0) - mean) * factor;
}
