import type { PlayableOrder, WrittenPlayable } from '@/lib/client/playback/writer';
import type { DecodeAssets } from '@/lib/engine/decode';

/** The worker that makes copies which play exactly. */
export interface PlayableMethods {
  /** Errors: those of decoding, STORE_QUOTA, STORE_FAILED, ABORTED. */
  write: {
    params: PlayableOrder & { assets: DecodeAssets };
    result: WrittenPlayable;
    progress: { doneMs: number };
  };
}
