/** How long the past counts, in ms: short breaks do not make the figure jump. */
const MEMORY_MS = 8_000;
/** Before this nothing is said, in ms: the first pieces come out of buffers. */
const SETTLE_MS = 1_000;

/** How fast bytes come, smoothed. */
export class Throughput {
  private startMs: number | null = null;
  private lastMs = 0;
  private lastBytes = 0;
  private bytesPerMs = 0;

  /**
   * Takes note of what has come.
   * @param receivedBytes since the start, never less than before
   */
  note(receivedBytes: number, nowMs: number): void {
    if (this.startMs === null) {
      this.startMs = nowMs;
    } else if (nowMs > this.lastMs) {
      const elapsedMs = nowMs - this.lastMs;
      const now = (receivedBytes - this.lastBytes) / elapsedMs;
      // a mean of the past with weights that fall off exponentially, whatever the steps are
      const sinceStart = nowMs - this.startMs;
      const share = Math.max(1 - Math.exp(-elapsedMs / MEMORY_MS), elapsedMs / sinceStart);
      this.bytesPerMs += (now - this.bytesPerMs) * Math.min(1, share);
    } else {
      return;
    }
    this.lastMs = nowMs;
    this.lastBytes = receivedBytes;
  }

  /** Seconds until so many more bytes have come; `null` while there is nothing to go by. */
  secondsFor(leftBytes: number): number | null {
    if (this.startMs === null || this.lastMs - this.startMs < SETTLE_MS) return null;
    if (this.bytesPerMs <= 0) return null;
    return leftBytes / this.bytesPerMs / 1000;
  }
}
