import { type AudioSample, AudioSampleSink, type InputAudioTrack } from 'mediabunny';
import { throwIfAborted } from '@/lib/core';
import { type ChannelBlock, type DecodeNotice, MAX_GAP_SECONDS } from '@/lib/engine/audio';
import type { BlockSource } from './blocks';
import { JoinedBlocks } from './joined-blocks';

/** Uncompressed tracks: mediabunny turns every sample format into one that can be copied out. */
export class PcmBlocks implements BlockSource {
  readonly notices: readonly DecodeNotice[] = [];
  readonly isComplete = false;
  readonly #samples: AsyncGenerator<AudioSample, void, unknown>;
  readonly #joined = new JoinedBlocks();
  readonly #expectedSeconds: number | null;
  #ended = false;

  /**
   * @param shiftSeconds added to the track's times
   * @param expectedSeconds what the header states
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
      const block = this.#joined.take();
      if (block) return block;
      if (this.#ended) return null;
      const { value: sample } = await this.#samples.next();
      if (sample) this.#add(sample);
      else {
        this.#ended = true;
        this.#joined.end();
      }
    }
  }

  async isDoubtful(decodedSeconds: number): Promise<boolean> {
    const expected = this.#expectedSeconds;
    if (expected === null) return false;
    const missing = expected - decodedSeconds;
    return missing > 1 && missing > expected * 0.01 && missing < MAX_GAP_SECONDS;
  }

  close(): void {
    this.#ended = true;
    // ends mediabunny's reading ahead; nothing waits for it
    void this.#samples.return();
  }

  #add(sample: AudioSample): void {
    try {
      this.#joined.add(sample, sample.timestamp + this.shiftSeconds);
    } finally {
      sample.close();
    }
  }
}
