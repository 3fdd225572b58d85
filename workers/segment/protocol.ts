import type { PcmSpan } from '@/lib/engine/audio';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/engine/vad';

/** Where the worker finds what it loads: absolute addresses on the app's own origin. */
export interface SegmentAssets {
  /** The Silero network as published. */
  modelUrl: string;
  /** Folder with the runtime's wasm files; ends with a slash. */
  runtimeUrl: string;
}

/** What a session has found: complete segments, and the sample before which none that follows begins. */
export interface Found {
  segments: SegmentedSpeech[];
  nextStartSample: number;
}

/** Calls of the segment worker. Sessions are named by the caller. */
export interface SegmentApi {
  open: {
    params: { sessionId: number; from: SegmenterCheckpoint | null; assets: SegmentAssets };
    result: { startSample: number };
  };
  /** A session whose `push` or `finish` fails or is cancelled is over. */
  push: { params: { sessionId: number } & PcmSpan; result: Found };
  finish: { params: { sessionId: number }; result: Found };
  close: { params: { sessionId: number }; result: null };
  /** A session of its own kind: frames as they come. `close` ends it too. */
  openFrames: { params: { sessionId: number; assets: SegmentAssets }; result: null };
  /** Whole frames that follow those before. */
  frames: {
    params: { sessionId: number; pcm: Float32Array };
    result: { probabilities: Float32Array; levels: Float32Array };
  };
}
