import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { whisperEncoder } from '@/tools/random-models/whisper-encoder';
import { openEncoder } from './network';
import { SIZE } from './test-encoder';

const config = {
  melBands: 80,
  encoderHeads: SIZE.heads,
  decoderLayers: 4,
  decoderHeads: 6,
  decoderHeadSize: 64,
  shortestWindow: 30,
} as const;

describe("Whisper's encoder", () => {
  // quantisers that are asked to look at products leave convolutions in 32 bits
  it.each(['fp32', 'q8', 'q8-products'] as const)(
    'runs on the kernels in %s',
    async (precision) => {
      const graph = whisperEncoder(SIZE, { seed: 1, precision });
      const encoder = await openEncoder(nodeRuntime, graph, [], config);
      expect(encoder.run).toEqual({ part: 'encoder', by: 'kernels', reason: null });
      await encoder.release();
    },
  );
});
