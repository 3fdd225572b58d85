import type { Clip, ClipSource } from '@/lib/client/dataset/plan-clips';
import type { DecodeAssets } from '@/lib/engine/decode';

/** The worker that cuts clips from recordings. */
export interface ClipMethods {
  open: { params: ClipSource & { assets: DecodeAssets }; result: { session: number } };
  /** Errors: those of decoding, SOURCE_GONE, ABORTED. */
  cut: { params: { session: number; startMs: number; endMs: number }; result: Clip };
  close: { params: { session: number }; result: null };
}
