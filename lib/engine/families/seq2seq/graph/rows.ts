import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import { type OnnxType, writeModel } from '@/lib/engine/onnx';
import type { InferenceRuntime, InferenceSession, Tensors } from '@/lib/engine/runtime';

/** Some entries of a tensor along one axis, in this order, as a tensor of its own. */
export interface Picker {
  pick(tensor: Tensor, indices: readonly number[]): Promise<Tensor>;
  release(): Promise<void>;
}

/**
 * Picks on the GPU what lies there, by a graph of one node: else whole tensors would go to the CPU
 * and back. Also takes what lies on the CPU to the GPU, so that it need not go there in every run.
 * @param toCpu hands out on the CPU what was picked
 */
export function gpuPicker(
  runtime: InferenceRuntime,
  {
    rank,
    axis,
    type,
    toCpu = false,
  }: { rank: number; axis: number; type: OnnxType; toCpu?: boolean },
): Picker {
  let opened: Promise<InferenceSession> | null = null;
  const dims = Array.from({ length: rank }, (_, at) => `size_${at}`);
  const picked = dims.map((dim, at) => (at === axis ? 'picked' : dim));
  const open = () => {
    const graph = writeModel('pick', {
      inputs: [
        { name: 'all', dims, type },
        { name: 'indices', dims: ['picked'], type: 'int64' },
      ],
      outputs: [{ name: 'some', dims: picked, type }],
      constants: [],
      nodes: [
        { op: 'Gather', inputs: ['all', 'indices'], outputs: ['some'], attributes: { axis } },
      ],
    });
    return runtime.open(graph, toCpu ? {} : { outputsOnGpu: ['some'] });
  };
  return {
    async pick(tensor, indices) {
      opened ??= open();
      const session = await opened;
      const places = new runtime.Tensor('int64', BigInt64Array.from(indices, BigInt), [
        indices.length,
      ]);
      const { some } = await session.run({ all: tensor, indices: places }, ['some']);
      if (!some) throw new AppError('RECOGNISE_FAILED', 'Nothing was picked.');
      return some;
    },
    release: async () => (await opened)?.release(),
  };
}

/** Some rows of a tensor on the CPU. */
export function pickRows(
  { Tensor }: InferenceRuntime,
  tensor: Tensor,
  rows: readonly number[],
): Tensor {
  // floats of 32 or 16 bits, whose arrays differ in nothing that is used here
  const data = tensor.data as Float32Array;
  const size = data.length / (tensor.dims[0] ?? 1);
  const some = new (data.constructor as Float32ArrayConstructor)(rows.length * size);
  for (const [at, row] of rows.entries())
    some.set(data.subarray(row * size, (row + 1) * size), at * size);
  return new Tensor(tensor.type, some, [rows.length, ...tensor.dims.slice(1)]);
}

/** Some rows of all tensors, which lie on the CPU. */
export function pickAllRows(
  runtime: InferenceRuntime,
  tensors: Tensors,
  rows: readonly number[],
): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, pickRows(runtime, tensor, rows)]),
  );
}
