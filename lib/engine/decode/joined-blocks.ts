import { type ChannelBlock, ClockFollower } from '@/lib/engine/audio';

/** Joins decoded pieces as they are, and keeps the whole true to the times they came with. */
export class JoinedBlocks {
  readonly #batcher = new BlockBatcher();
  readonly #done: ChannelBlock[] = [];
  #follower: ClockFollower | null = null;
  #rateHz = 0;
  #channels = 0;
  /** Frames so far at the present rate, with as many channels. */
  #joined = 0;

  /**
   * Adds frames [from, to) of a decoded piece.
   * @param startSeconds of its first frame, on the media's clock
   */
  add(audio: DecodedAudio, startSeconds: number, from = 0, to = audio.numberOfFrames): void {
    if (audio.sampleRate !== this.#rateHz || audio.numberOfChannels !== this.#channels) {
      this.end();
      this.#rateHz = audio.sampleRate;
      this.#channels = audio.numberOfChannels;
      this.#joined = 0;
      this.#follower = new ClockFollower(this.#rateHz);
    }
    if (from >= to) return;
    this.#follower?.mark(this.#joined, startSeconds + from / this.#rateHz);
    this.#batcher.add(audio, this.#joined, from, to);
    this.#joined += to - from;
    this.#collect();
  }

  /** Adds silence after what was added last. */
  addSilence(frames: number): void {
    this.#batcher.addSilence(frames);
    this.#joined += frames;
    this.#collect();
  }

  /** No more comes. */
  end(): void {
    this.#batcher.flush();
    this.#collect();
    this.#follower?.end();
    this.#collect();
  }

  /** The next block at its position; `null` while more must be added. */
  take(): ChannelBlock | null {
    return this.#done.shift() ?? null;
  }

  #collect(): void {
    const follower = this.#follower;
    if (!follower) return;
    for (let block = this.#batcher.take(); block; block = this.#batcher.take()) follower.add(block);
    for (let block = follower.take(); block; block = follower.take()) this.#done.push(block);
  }
}

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

  /** Adds silence after what was added last. */
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
