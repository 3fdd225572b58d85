import type { AudioBlock } from '@/lib/media/timeline';
import type { DecodeNotice } from '@/lib/media/types';

/** Decoded mono audio in order, about half a second at a time, decoded only when asked for. */
export interface BlockSource {
  /** `null` after the last. */
  next(signal: AbortSignal): Promise<AudioBlock | null>;
  readonly notices: readonly DecodeNotice[];
  /**
   * Called after the last block: whether another decoder should have a look.
   * @param decodedSeconds where the sound ended
   */
  isDoubtful(decodedSeconds: number): Promise<boolean>;
  /** The length that is expected was told by the last of the sound: none can be missing behind it. */
  readonly isComplete: boolean;
  close(): void;
}

/** How far before the wanted place decoders start: they need some sound to come to themselves. */
export const PREROLL_SECONDS = 2;
