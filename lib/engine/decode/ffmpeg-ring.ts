/** As much of ffmpeg's output as may wait for its reader: about three seconds of 48 kHz in stereo. */
export const RING_BYTES = 1 << 20;
/** How many bytes were written and how many were read, each modulo 2^32. */
const COUNTERS_BYTES = 8;
const WRITTEN = 0;
const READ = 1;

/**
 * The reader's end of the pipe that `ffmpeg-piped-core.js` writes to: two counters in shared memory, and bytes
 * that are written round and round.
 */
export class FfmpegRing {
  readonly buffer = new SharedArrayBuffer(COUNTERS_BYTES + RING_BYTES);
  readonly #counters = new Int32Array(this.buffer, 0, 2);
  readonly #bytes = new Uint8Array(this.buffer, COUNTERS_BYTES);
  #read = 0;

  /**
   * Takes what was written up to a place, and makes room for as much.
   * @param end bytes since the beginning
   * @param onBytes gets them in one piece or two, which are the ring's own memory
   */
  takeTo(end: number, onBytes: (bytes: Uint8Array) => void): void {
    while (this.#read < end) {
      const start = this.#read % RING_BYTES;
      const part = this.#bytes.subarray(start, start + end - this.#read);
      onBytes(part);
      this.#read += part.length;
    }
    // the writer sleeps on this counter while there is no room
    Atomics.store(this.#counters, READ, this.#read | 0);
    Atomics.notify(this.#counters, READ);
  }

  /** Takes what a writer that is done has left. */
  takeRest(onBytes: (bytes: Uint8Array) => void): void {
    const left = (Atomics.load(this.#counters, WRITTEN) - this.#read) >>> 0;
    this.takeTo(this.#read + left, onBytes);
  }
}
