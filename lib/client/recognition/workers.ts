import type { RecogniserMethods } from '@/lib/engine';
import type { Segmenter } from '@/lib/engine/pipeline';
import type { Client } from '@/lib/engine/rpc';
import type { LiveVad } from '@/lib/engine/vad';

/** A worker that recognises. It starts with the first call. */
export type RecogniserClient = Client<RecogniserMethods>;

/** A segmenter in its own worker, for files and for live audio. */
export interface SegmenterClient extends Segmenter {
  openLiveVad(signal?: AbortSignal): Promise<LiveVad>;
  /** Ends the worker. */
  dispose(): void;
}

/** Creates the workers that recognition runs in; each call creates a new one. */
export interface RecognitionWorkers {
  wasm(): RecogniserClient;
  webgpu(): RecogniserClient;
  segmenter(): SegmenterClient;
}
