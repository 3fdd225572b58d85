import { throwIfAborted } from '@/lib/core';
import { type AudioBlock, type DecodeNotice, Mixer } from '@/lib/engine/audio';
import type { BlockSource, MonoSource } from './blocks';

/** A source's channels, mixed down to mono. */
export class MixedBlocks implements MonoSource {
  readonly #source: BlockSource;
  readonly #mixer = new Mixer();
  #ended = false;
  /** Why the source broke off: reported after the last that it gave before. */
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
      // a read that was given up continues later
      throwIfAborted(signal);
      this.#broken = { cause };
    }
    this.#mixer.finish();
  }
}
