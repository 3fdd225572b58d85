/** Offsets are evaluated in spans of this length, in ms. */
const WINDOW_MS = 5_000;

/** A step of the audio clock of at least this length is lost audio, in ms. */
const GAP_MS = 30;

/** Spans before a drift is reported: two minutes. Earlier values show only how late messages arrive. */
const MIN_WINDOWS = 24;

/**
 * Compares the audio clock with the computer's. Messages from the audio thread may be late but never
 * early, so the smallest delay in each span counts. A step between two spans is a gap; the rest is drift,
 * the slope of a straight line through the spans (least squares).
 */
export class ClockWatch {
  private windowEndMs: number | null = null;
  private least = Number.POSITIVE_INFINITY;
  private leastAtMs = 0;
  private previous: number | null = null;
  private lostMs = 0;
  private gapCount = 0;
  // sums over windows: count, x, y, xx, xy; x in ms of the computer's clock, y the delay
  private sums = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };

  /** @param audioMs position of the audio clock @param wallMs when it was reported */
  note(audioMs: number, wallMs: number): void {
    const delayMs = wallMs - audioMs;
    this.windowEndMs ??= wallMs + WINDOW_MS;
    if (wallMs >= this.windowEndMs) {
      this.closeWindow();
      this.windowEndMs = wallMs + WINDOW_MS;
      this.least = Number.POSITIVE_INFINITY;
    }
    if (delayMs < this.least) {
      this.least = delayMs;
      this.leastAtMs = wallMs;
    }
  }

  /** Lost audio in ms. */
  get droppedMs(): number {
    return Math.round(this.lostMs);
  }

  get gaps(): number {
    return this.gapCount;
  }

  /** How much faster the audio clock runs, in parts per million; `null`: not enough data. */
  get driftPpm(): number | null {
    const { n, x, y, xx, xy } = this.sums;
    const spread = n * xx - x * x;
    if (n < MIN_WINDOWS || spread === 0) return null;
    return Math.round(-((n * xy - x * y) / spread) * 1e6);
  }

  private closeWindow(): void {
    if (!Number.isFinite(this.least)) return;
    if (this.previous !== null && this.least - this.previous >= GAP_MS) {
      this.lostMs += this.least - this.previous;
      this.gapCount += 1;
    }
    this.previous = this.least;
    const x = this.leastAtMs;
    const y = this.least - this.lostMs;
    const { sums } = this;
    this.sums = {
      n: sums.n + 1,
      x: sums.x + x,
      y: sums.y + y,
      xx: sums.xx + x * x,
      xy: sums.xy + x * y,
    };
  }
}
