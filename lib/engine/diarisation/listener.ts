import type { DiarisedWindow, FrameGrid } from './types';

/** Called between two runs of a network: lets messages in, and throws to stop. */
export type YieldToEventLoop = () => Promise<void>;

/** Sound of a recording, 16 kHz. */
export interface PcmSegment {
  startSample: number;
  pcm: Float32Array;
}

/** Processes the windows of one recording as its sound comes. Keeps no more sound than it still needs. */
export interface Listener {
  readonly grid: FrameGrid;
  /**
   * Clusters are joined up to this multiple of the distance between a voice and itself a moment later: a
   * smaller one where embeddings are of less sound, which scatters them. Chosen on made-up conversations of
   * one to four speakers, with two embeddings (docs/benchmarks.md).
   */
  readonly joinFactor: number;
  /** In the order of their starts. */
  readonly windows: readonly DiarisedWindow[];
  /** Takes the sound that follows. */
  push(sound: PcmSegment, yieldToEventLoop: YieldToEventLoop): Promise<void>;
  /** No more sound follows. */
  finish(yieldToEventLoop: YieldToEventLoop): Promise<void>;
}
