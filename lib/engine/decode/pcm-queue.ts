/** PCM pieces in order, returned in other lengths than they came in. */
export class PcmQueue {
  readonly #pieces: Float32Array[] = [];
  #length = 0;

  /** Samples waiting. */
  get length(): number {
    return this.#length;
  }

  push(pcm: Float32Array): void {
    if (pcm.length === 0) return;
    this.#pieces.push(pcm);
    this.#length += pcm.length;
  }

  /** @param count at most `length` */
  take(count: number): Float32Array<ArrayBuffer> {
    const out = new Float32Array(count);
    let filled = 0;
    while (filled < count) {
      const piece = this.#pieces[0];
      if (!piece) throw new RangeError(`Only ${filled} of ${count} samples are waiting.`);
      const part = piece.subarray(0, count - filled);
      out.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.length);
    }
    this.#length -= count;
    return out;
  }
}
