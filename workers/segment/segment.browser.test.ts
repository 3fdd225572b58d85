import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import type { WorkerLike } from '@/lib/rpc/client';
import { CONTEXT_SAMPLES, FRAME_SAMPLES, STATE_SIZE } from '@/lib/vad/constants';
import { frameRows, ROW_SAMPLES } from '@/lib/vad/silero';
import type { SegmentedSpeech, SegmenterCheckpoint } from '@/lib/vad/types';
import { createSegmenter, type WorkerSegmenter } from './client';
import { loadNetwork } from './network';

const assets = {
  modelUrl: `${location.origin}/vad/silero_vad_v6.onnx`,
  runtimeUrl: `${location.origin}/ort/`,
};

describe('x', () => {
  it('y', async () => {
    expect(ort).toBeDefined();
  });
});
