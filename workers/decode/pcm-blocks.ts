import { type AudioSample, AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import { throwIfAborted } from '@/lib/core/abort';
import type { ChannelBlock, DecodeNotice } from '@/lib/media/types';
import { BlockBatcher } from './block-batcher';
import type { BlockSource } from './blocks';

/** Uncompressed tracks: mediabunny turns every sample format into one that can be copied out. */
export class PcmBlocks implements BlockSource {
  readonly notices: readonly DecodeNotice[] = [];
  readonly #samples: AsyncGenerator<AudioSample, void, unknown>;
  readonly #batcher = new BlockBatcher();
  readonly #expectedSeconds: number | null;
  #ended = false;

  /**
   * @param shiftSeconds added to the track's times
   * @param expectedSeconds the larger of what the header and what the file's size tell
   */
  constructor(
    track: InputAudioTrack,
    fromSeconds: number,
    private readonly shiftSeconds: number,
    expectedSeconds: number | null,
  ) {
    this.#expectedSeconds = expectedSeconds;
    this.#samples = new AudioSampleSink(track).samples(
      fromSeconds > 0 ? fromSeconds - shiftSeconds : undefined,
    );
  }

  async next(signal: AbortSignal): Promise<ChannelBlock | null> {
    for (;;) {
      throwIfAborted(signal);
      const block = this.#batcher.take();
      if (block) return block;
      if (this.#ended) return null;
      const { value: sample } = await this.#samples.next();
      if (sample) this.#add(sample);
      else {
        this.#ended = true;
        this.#batcher.flush();
      }
    }
  }

  async isDoubtful(decodedSeconds: number): Promise<boolean> {
    const expected = this.#expectedSeconds;
    if (expected === null) return false;
    const missing = expected - decodedSeconds;
    return missing > 1 && missing > expected * 0.01;
  }

  close(): void {
    this.#ended = true;
    // ends mediabunny's reading ahead; nothing waits for it
    void this.#samples.return();
  }

  #add(sample: AudioSample): void {
    const position = Math.round((sample.timestamp + this.shiftSeconds) * sample.sampleRate);
    const from = Math.min(sample.numberOfFrames, Math.max(0, -position));
    try {
      this.#batcher.add(sample, position + from, from, sample.numberOfFrames);
    } finally {
      sample.close();
    }
  }
}
