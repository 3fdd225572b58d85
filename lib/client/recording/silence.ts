import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Below this nobody speaks into a microphone that works: -54 dB of full scale. */
const SILENT_BELOW = 0.002;

/** Silence of this length is told, in samples. */
const REPORT_AFTER_SAMPLES = 10 * SAMPLE_RATE_HZ;

/** Notices that an input gives nothing, as a microphone does that is switched off at its own switch. */
export class SilenceDetector {
  private silentSamples = 0;

  /**
   * @param level the loudest sample of this piece, 0 to 1
   * @param samples length of the piece
   * @returns what has just become true; `null`: no change
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
