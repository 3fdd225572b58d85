import {
  type AudioBlock,
  type ChannelBlock,
  type DecodeNotice,
  MIX_HISTORY_SECONDS,
} from '@/lib/engine/audio';

/** Decoded audio in order, about half a second at a time, decoded only when asked for. */
export interface BlockSource<Block = ChannelBlock> {
  /** `null` after the last. */
  next(signal: AbortSignal): Promise<Block | null>;
  readonly notices: readonly DecodeNotice[];
  /**
   * Called after the last block: whether another decoder should have a look.
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
