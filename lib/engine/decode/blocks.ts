import { throwIfAborted } from '@/lib/core';
import {
  type AudioBlock,
  type ChannelBlock,
  type DecodeNotice,
  MIX_HISTORY_SECONDS,
  Mixer,
} from '@/lib/engine/audio';

/** Decoded audio in order, about half a second at a time, decoded only when asked for. */
export interface BlockSource<Block = ChannelBlock> {
  /** `null` after the last. */
  next(signal: AbortSignal): Promise<Block | null>;
  readonly notices: readonly DecodeNotice[];
  /**
   * Called after the last block: whether another decoder should try.
   * @param decodedSeconds where the sound ended
   */
  isDoubtful(decodedSeconds: number): Promise<boolean>;
  /** The end of the sound stated the expected length: nothing can be missing after it. */
  readonly isComplete: boolean;
  close(): void;
}

/** Mixed down to mono. */
export interface MonoSource extends BlockSource<AudioBlock> {
  /** The largest |sample| of any channel so far, before mixing. */
  readonly loudest: number;
}

/**
 * How far before the wanted position decoders start: they need some sound to settle in, and
 * the mix depends on what was before.
 */
export const PREROLL_SECONDS = 2 + MIX_HISTORY_SECONDS;

/** A source's channels, mixed down to mono. */
export class MixedBlocks implements MonoSource {
  readonly #source: BlockSource;
  readonly #mixer = new Mixer();
  #ended = false;
  /** Why the source broke off: thrown after everything that came before. */
  #broken: { cause: unknown } | null = null;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  get loudest(): number {
    return this.#mixer.loudest;
  }

  get notices(): readonly DecodeNotice[] {
    return this.#source.notices;
  }

  get isComplete(): boolean {
    return this.#source.isComplete;
  }

  async next(signal: AbortSignal): Promise<AudioBlock | null> {
    for (;;) {
      throwIfAborted(signal);
      const mixed = this.#mixer.take();
      if (mixed) return mixed;
      if (this.#broken) throw this.#broken.cause;
      if (this.#ended) return null;
      await this.#read(signal);
    }
  }

  isDoubtful(decodedSeconds: number): Promise<boolean> {
    return this.#source.isDoubtful(decodedSeconds);
  }

  close(): void {
    this.#ended = true;
    this.#source.close();
  }

  async #read(signal: AbortSignal): Promise<void> {
    try {
      const block = await this.#source.next(signal);
      if (block) {
        this.#mixer.add(block);
        return;
      }
      this.#ended = true;
    } catch (cause) {
      // an aborted read is continued by the next one
      throwIfAborted(signal);
      this.#broken = { cause };
    }
    this.#mixer.finish();
  }
}
