import { type ChannelBlock, ClockFollower } from '@/lib/engine/audio';
import { BlockBatcher, type DecodedAudio } from './block-batcher';

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

  /** Adds silence behind what was added last. */
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

  /** The next block in its place; `null` while more must be added. */
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
