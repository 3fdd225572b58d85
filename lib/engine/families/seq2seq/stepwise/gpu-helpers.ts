import type { OnnxType } from '@/lib/engine/onnx';
import type { InferenceRuntime, Tensors } from '@/lib/engine/runtime';
import { HEAD } from '../graph/head';
import { gpuPicker, type Picker } from '../graph/rows';

/** What has to be done to tensors on the GPU beside the network. */
export interface GpuHelpers {
  /** Rows of an encoder's output, which stay there. */
  rows: Picker;
  /** Heads of one layer's cross-attention, handed out on the CPU. */
  heads: Picker;
  /** Takes the large tables there, so that a step does not; the others as they are. */
  upload(feeds: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** @param encodedType of the encoder's output */
export function openGpuHelpers(runtime: InferenceRuntime, encodedType: OnnxType): GpuHelpers {
  const rows = gpuPicker(runtime, { rank: 3, axis: 0, type: encodedType });
  const heads = gpuPicker(runtime, { rank: 4, axis: 1, type: 'float32', toCpu: true });
  const tables = gpuPicker(runtime, { rank: 2, axis: 0, type: 'float32' });
  return {
    rows,
    heads,
    async upload(feeds) {
      const text = feeds[HEAD.text];
      return text ? { ...feeds, [HEAD.text]: await tables.pick(text, [0, 1]) } : feeds;
    },
    async release() {
      await Promise.all([rows, heads, tables].map((picker) => picker.release()));
    },
  };
}
