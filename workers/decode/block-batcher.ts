import { downmixWeights, mixPlane } from '@/lib/media/downmix';
import type { AudioBlock } from '@/lib/media/timeline';

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

/**
 * Mixes decoded pieces down to mono and joins those that follow on each other, since decoders
 * give twenty milliseconds at a time.
 */
export class BlockBatcher {
  readonly #done: AudioBlock[] = [];
  #mono = new Float32Array(BATCH_FRAMES);
  #filled = 0;
  #position = 0;
  #rateHz = 0;
  #plane = new Float32Array(0);
  #weights: readonly number[] = [1];

  /** Where the next piece must begin to be joined, in input samples. */
  get nextPosition(): number {
    return this.#position + this.#filled;
  }

  /**
   * Adds frames [from, to) of a decoded piece.
   * @param position of frame `from`, in input samples from the media's start
   */
  add(audio: DecodedAudio, position: number, from: number, to: number): void {
    if (audio.sampleRate !== this.#rateHz || position !== this.nextPosition) {
      this.flush();
      this.#rateHz = audio.sampleRate;
      this.#position = position;
    }
    for (let at = from; at < to; ) {
      const count = Math.min(to - at, BATCH_FRAMES - this.#filled);
      this.#mix(audio, at, count, this.#mono.subarray(this.#filled, this.#filled + count));
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
      mono: this.#mono.subarray(0, this.#filled),
    });
    this.#mono = new Float32Array(BATCH_FRAMES);
    this.#filled = 0;
    this.#position = end;
  }

  /** The next finished block. */
  take(): AudioBlock | null {
    return this.#done.shift() ?? null;
  }

  #mix(audio: DecodedAudio, frameOffset: number, frameCount: number, mono: Float32Array): void {
    const channels = audio.numberOfChannels;
    const options = { format: 'f32-planar', frameOffset, frameCount } as const;
    if (channels === 1) {
      audio.copyTo(mono, { planeIndex: 0, ...options });
      return;
    }
    if (this.#weights.length !== channels) this.#weights = downmixWeights(channels);
    if (this.#plane.length < frameCount) this.#plane = new Float32Array(frameCount);
    const plane = this.#plane.subarray(0, frameCount);
    let first = true;
    for (let planeIndex = 0; planeIndex < channels; planeIndex++) {
      const weight = this.#weights[planeIndex] ?? 0;
      if (weight === 0) continue;
      audio.copyTo(plane, { planeIndex, ...options });
      mixPlane(mono, plane, weight, first);
      first = false;
    }
  }
}
