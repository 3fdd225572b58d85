import type { Tensor } from 'onnxruntime-web';
import {
  type Address,
  KernelProgram,
  Program,
  panelsOf,
  type WeightMatrix,
  type Weights,
} from '@/lib/engine/kernels';
import type { InferenceRuntime, Tensors } from '@/lib/engine/runtime';
import type { FrameProduct } from './frame-weights';

/** Makes keys and values from encoded frames, on the compiled kernels. */
export interface FrameKernels {
  /** Whether rows of this many frames were planned for. */
  knows(encoded: Tensor): boolean;
  /**
   * @param encoded [rows, frames, width]
   * @returns by name, [rows, heads, …] each
   */
  project(encoded: Tensor): Tensors;
  /**
   * Takes back what `project` returned, to be overwritten by the next call; it must not be read any more.
   * Getting that much new memory from the system takes longer than the products.
   */
  reuse(made: Tensors): void;
  release(): void;
}

/** A product as it is run. */
interface Projection {
  weights: readonly Weights[];
  product: FrameProduct;
  /** Where its result lies. */
  at: Address;
}

/** Operations for rows of one length: of each part from the first up to but without the last. */
type Section = readonly (readonly [from: number, to: number])[];

/**
 * Plans the products of the encoder's frames, which ONNX Runtime would take long over: it neither
 * fuses products with sums, nor writes what it makes in the order in which it is read.
 * @param frameCounts all numbers of frames that a row may have, multiples of 12
 * @returns `null` where there are no kernels, and when the weights do not fit them
 * @throws OUT_OF_MEMORY
 */
export async function loadFrameKernels(
  { kernels, Tensor }: InferenceRuntime,
  products: readonly FrameProduct[],
  frameCounts: readonly number[],
): Promise<FrameKernels | null> {
  const [first] = products;
  if (!kernels || !first) return null;
  const { depth, columns: width, steps } = first.matrix;
  const alike = products.every(
    ({ matrix, heads }) =>
      matrix.depth === depth &&
      matrix.columns === width &&
      (matrix.steps === null) === (steps === null) &&
      width % (8 * heads) === 0,
  );
  if (!alike) return null;

  const program = new Program(kernels.bytes);
  const most = Math.max(...frameCounts);
  const encoded = program.matrix(most, depth);
  // one product after the other: what is made is fetched before the next is begun
  const made = program.matrix(most, width);
  const turned = program.matrix(width, most);
  const integers = steps && program.integers(most * depth, most);
  const projections: Projection[] = [];
  for (const product of products) {
    const { matrix, heads, isTurned } = product;
    const size = width / heads;
    const weights: Weights[] = [];
    // heads of their own where frames are to stay together by head
    for (let head = 0; head < (isTurned ? 1 : heads); head++) {
      const panels = panelsOf(
        [isTurned ? matrix : columnsOf(matrix, head * size, size)],
        program.bytes,
      );
      if (!panels) return null;
      weights.push(program.weights(panels));
    }
    projections.push({ weights, product, at: isTurned ? turned.at : made.at });
  }
  const plan = (frames: number): Section => {
    let from = program.length;
    const whole = { ...encoded, rows: frames };
    const rows = integers ? program.quantise(whole, integers) : whole;
    return projections.map(({ weights, product: { isTurned } }) => {
      for (const [head, own] of weights.entries()) {
        const { columns } = own.panels;
        const at = made.at + 4 * head * frames * columns;
        program.matmul(rows, own, { at, rows: frames, columns, stride: 4 * columns });
      }
      if (isTurned) program.turn({ ...made, rows: frames }, turned.at);
      const operations = [from, program.length] as const;
      from = program.length;
      return operations;
    });
  };
  const sections = new Map(frameCounts.map((frames) => [frames, plan(frames)]));

  const loaded = await KernelProgram.load(kernels, program);
  /** By projection. */
  let spare: Float32Array[] = [];
  const take = (index: number, length: number) => {
    const whole = spare[index];
    return whole && whole.length >= length ? whole.subarray(0, length) : new Float32Array(length);
  };
  return {
    knows: ({ dims }) => sections.has(dims[1] ?? 0),
    project(tensor) {
      const [rowCount = 0, frames = 0] = tensor.dims;
      const section = sections.get(frames) ?? [];
      const data = tensor.data as Float32Array; // other types have no kernels
      const size = frames * width;
      const results = projections.map((_, index) => take(index, rowCount * size));
      spare = [];
      for (let row = 0; row < rowCount; row++) {
        const values = data.subarray(row * frames * depth, (row + 1) * frames * depth);
        loaded.floats(encoded.at, values.length).set(values);
        for (const [index, operations] of section.entries()) {
          loaded.run(...operations);
          results[index]?.set(loaded.floats(projections[index]?.at ?? 0, size), row * size);
        }
      }
      return Object.fromEntries(
        projections.map(({ product: { name, heads, isTurned } }, index) => {
          const values = results[index] ?? new Float32Array(0);
          const dims = isTurned ? [width / heads, frames] : [frames, width / heads];
          return [name, new Tensor('float32', values, [rowCount, heads, ...dims])];
        }),
      );
    },
    reuse(made) {
      spare = projections.map(({ product: { name } }) => {
        const { buffer = new ArrayBuffer(0) } = (made[name]?.data ?? {}) as Partial<Float32Array>;
        return new Float32Array(buffer);
      });
    },
    release() {
      spare = [];
      loaded.release();
    },
  };
}

/** Some columns of a matrix, side by side. */
function columnsOf(matrix: WeightMatrix, from: number, count: number): WeightMatrix {
  const { rowOffsets, columnStep, bias, steps } = matrix;
  return {
    ...matrix,
    columns: count,
    rowOffsets: rowOffsets.map((offset) => offset + from * columnStep),
    bias: bias.subarray(from, from + count),
    steps: steps && {
      scales: steps.scales.subarray(from, from + count),
      zeros: steps.zeros.subarray(from, from + count),
    },
  };
}
