import type { ChannelBlock } from '@/lib/engine/audio';

/** The part of `AudioData` and of mediabunny's `AudioSample` that is needed here. */
export interface DecodedAudio {
  readonly numberOfFrames: number;
  readonly numberOfChannels: number;
  readonly sampleRate: number;
  copyTo(
    destination: Float32Array,
    options: { planeIndex: number; format: 'f32-planar'; frameOffset: number; frameCount: number },
  ): void;
}

/** Frames gathered before they are handed on: what comes after costs per call, not per frame. */
const BATCH_FRAMES = 24_576;

/** Joins decoded pieces that follow on each other: decoders give twenty milliseconds at a time. */
export class BlockBatcher {
  readonly #done: ChannelBlock[] = [];
  #planes = [new Float32Array(BATCH_FRAMES)];
  #filled = 0;
  #position = 0;
  #rateHz = 0;

  /** Where the next piece must begin to be joined, in input samples. */
  get nextPosition(): number {
    return this.#position + this.#filled;
  }

  /**
   * Adds frames [from, to) of a decoded piece.
   * @param position of frame `from`, in input samples from the media's start
   */
  add(audio: DecodedAudio, position: number, from: number, to: number): void {
    const channels = audio.numberOfChannels;
    const isAlike = audio.sampleRate === this.#rateHz && channels === this.#planes.length;
    if (!isAlike || position !== this.nextPosition) {
      this.flush();
      if (channels !== this.#planes.length) this.#planes = emptyPlanes(channels);
      this.#rateHz = audio.sampleRate;
      this.#position = position;
    }
    for (let at = from; at < to; ) {
      const count = Math.min(to - at, BATCH_FRAMES - this.#filled);
      this.#copy(audio, at, count);
      this.#filled += count;
      at += count;
      if (this.#filled === BATCH_FRAMES) this.flush();
    }
  }

  /** Adds silence behind what was added last. */
  addSilence(frames: number): void {
    for (let left = frames; left > 0; ) {
      const count = Math.min(left, BATCH_FRAMES - this.#filled);
      // a fresh buffer is silent
      this.#filled += count;
      left -= count;
      if (this.#filled === BATCH_FRAMES) this.flush();
    }
  }

  /** Ends the block in hand. */
  flush(): void {
    if (this.#filled === 0) return;
    const end = this.nextPosition;
    this.#done.push({
      position: this.#position,
      rateHz: this.#rateHz,
      planes: this.#planes.map((plane) => plane.subarray(0, this.#filled)),
    });
    this.#planes = emptyPlanes(this.#planes.length);
    this.#filled = 0;
    this.#position = end;
  }

  /** The next finished block. */
  take(): ChannelBlock | null {
    return this.#done.shift() ?? null;
  }

  #copy(audio: DecodedAudio, frameOffset: number, frameCount: number): void {
    const options = { format: 'f32-planar', frameOffset, frameCount } as const;
    this.#planes.forEach((plane, planeIndex) => {
      const place = plane.subarray(this.#filled, this.#filled + frameCount);
      audio.copyTo(place, { planeIndex, ...options });
    });
  }
}

function emptyPlanes(channels: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: channels }, () => new Float32Array(BATCH_FRAMES));
}
