import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** A working microphone that someone speaks into is louder than this: -54 dBFS. */
const SILENT_BELOW = 0.002;

/** Silence of this length is reported, in samples. */
const REPORT_AFTER_SAMPLES = 10 * SAMPLE_RATE_HZ;

/** Detects an input without signal, such as a microphone that is switched off on the device. */
export class SilenceDetector {
  private silentSamples = 0;

  /**
   * @param level the loudest sample of this piece, 0 to 1
   * @param samples length of the piece
   * @returns what the state has just changed to; `null`: no change
   */
  hear(level: number, samples: number): 'silent' | 'heard' | null {
    const before = this.silentSamples;
    if (level >= SILENT_BELOW) {
      this.silentSamples = 0;
      return before >= REPORT_AFTER_SAMPLES ? 'heard' : null;
    }
    this.silentSamples += samples;
    return before < REPORT_AFTER_SAMPLES && this.silentSamples >= REPORT_AFTER_SAMPLES
      ? 'silent'
      : null;
  }
}
