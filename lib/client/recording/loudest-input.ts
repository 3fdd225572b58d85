import type { CaptureInput } from './types';

/** Share of the newest tenth of a second in the average: half a second counts. */
const NEWEST = 0.3;

/** Another input takes over once it is twice as loud (6 dB). */
const TIMES_LOUDER = 2;

/** Nobody speaks below this: -46 dBFS on average. */
const SILENT_BELOW = 0.005;

/** Finds out which of several inputs somebody speaks into. */
export class LoudestInput {
  private readonly averages = new Map<CaptureInput, number>();
  private current: CaptureInput | null = null;

  /**
   * Takes the loudness of each input for the next tenth of a second, as root mean square from 0 to 1.
   * @returns the loudest input when it is another one than before; `null`: no change
   */
  update(loudness: ReadonlyMap<CaptureInput, number>): CaptureInput | null {
    let loudest: CaptureInput | null = null;
    for (const [input, now] of loudness) {
      const before = this.averages.get(input) ?? 0;
      this.averages.set(input, before + (now - before) * NEWEST);
      if (loudest === null || this.of(input) > this.of(loudest)) loudest = input;
    }
    if (loudest === null || loudest === this.current || this.of(loudest) < SILENT_BELOW)
      return null;
    if (this.current && this.of(loudest) < TIMES_LOUDER * this.of(this.current)) return null;
    this.current = loudest;
    return loudest;
  }

  private of(input: CaptureInput): number {
    return this.averages.get(input) ?? 0;
  }
}
