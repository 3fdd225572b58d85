import { assert } from '@/lib/core';

/** Smallest room for samples (8 s). */
const MIN_CAPACITY = 128_000;

/** The part of a recording's PCM that may still be needed: grows at its end, shrinks at its start. */
export class PcmWindow {
  private room = new Float32Array(MIN_CAPACITY);
  /** Where in `room` the first kept sample lies. */
  private offset = 0;

  /** Samples of the recording that are kept: [startSample, endSample). */
  startSample: number;
  endSample: number;

  constructor(startSample: number) {
    this.startSample = startSample;
    this.endSample = startSample;
  }

  append(pcm: Float32Array): void {
    const kept = this.endSample - this.startSample;
    if (this.offset + kept + pcm.length > this.room.length) this.makeRoom(kept, pcm.length);
    this.room.set(pcm, this.offset + kept);
    this.endSample += pcm.length;
  }

  /** The samples [from, to), as a view that is good until the next `append`. */
  view(from: number, to: number): Float32Array {
    assert(
      from >= this.startSample && to <= this.endSample && from <= to,
      `samples ${from} to ${to} are not among ${this.startSample} to ${this.endSample}`,
    );
    const base = this.offset - this.startSample;
    return this.room.subarray(base + from, base + to);
  }

  /** Forgets everything before this sample. */
  dropBefore(sample: number): void {
    const start = Math.min(Math.max(sample, this.startSample), this.endSample);
    this.offset += start - this.startSample;
    this.startSample = start;
  }

  /**
   * Moves what is kept to the front. A third of the room stays free, so that moves are rare; a
   * room that is far too large is given back.
   */
  private makeRoom(kept: number, more: number): void {
    const wanted = Math.max(MIN_CAPACITY, 2 * (kept + more));
    const fits = 3 * (kept + more) <= 2 * this.room.length && this.room.length <= 2 * wanted;
    const next = fits ? this.room : new Float32Array(wanted);
    next.set(this.room.subarray(this.offset, this.offset + kept));
    this.room = next;
    this.offset = 0;
  }
}
