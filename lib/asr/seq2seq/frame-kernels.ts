import type { Tensor } from 'onnxruntime-web';
import { KernelProgram } from '../kernels/kernels';
import { panelsOf, type WeightMatrix } from '../kernels/panels';
import { type Matrix, Program, type QuantisedMatrix } from '../kernels/program';
import type { Runtime, Tensors } from '../runtime';
import type { FrameProduct } from './frame-weights';

/** Makes keys and values of encoded frames, on the compiled kernels. */
export interface FrameKernels {
  /** Frames of one row. */
  readonly frames: number;
  /**
   * @param encoded [rows, frames, width]
   * @returns by name, [rows, heads, …] each
   */
  project(encoded: Tensor): Tensors;
  /**
   * Takes what `project` gave, which nobody may read any more, to be written into by the next call:
   * the system takes longer to hand out so much new memory than the products do.
   */
  takeBack(made: Tensors): void;
  release(): void;
}

/** A product as it is run. */
interface Part extends FrameProduct {
  /** Operations, from the first up to but without the last. */
  operations: [from: number, to: number];
  at: number;
  /** Of one row, behind the heads. */
  dims: [number, number];
}

/**
 * Plans the products of the encoder's frames, which ONNX Runtime would take long over: it neither
 * fuses products with sums, nor writes what it makes in the order in which it is read.
 * @returns `null` where there are no kernels, and when the weights do not fit them
 * @throws OUT_OF_MEMORY
 */
export async function loadFrameKernels(
  { kernels, Tensor }: Runtime,
  products: readonly FrameProduct[],
  frames: number,
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

  const program = new Program();
  const encoded = program.matrix(frames, depth);
  // one product after the other: what is made is fetched before the next is begun
  const made = program.matrix(frames, width);
  const turned = program.matrix(width, frames);
  let rows: Matrix | QuantisedMatrix = encoded;
  if (steps) {
    const integers = { at: program.allocate(2 * frames * depth), scale: program.allocate(4) };
    program.quantise(encoded, integers);
    rows = { ...encoded, ...integers, stride: encoded.stride / 2 };
  }
  const parts: Part[] = [];
  for (const product of products) {
    const { matrix, heads, isTurned } = product;
    const from = parts.at(-1)?.operations[1] ?? 0;
    const size = width / heads;
    // heads of their own where frames are to stay together by head
    for (let head = 0; head < (isTurned ? 1 : heads); head++) {
      const panels = panelsOf([isTurned ? matrix : columnsOf(matrix, head * size, size)]);
      if (!panels) return null;
      const to = isTurned
        ? made
        : { at: made.at + 4 * head * frames * size, rows: frames, columns: size, stride: 4 * size };
      program.matmul(rows, program.weights(panels), to);
    }
    if (isTurned) program.turn(made, turned.at);
    parts.push({
      ...product,
      operations: [from, program.length],
      at: isTurned ? turned.at : made.at,
      dims: isTurned ? [size, frames] : [frames, size],
    });
  }

  const loaded = await KernelProgram.load(kernels, program);
  /** By part. */
  let spare: Float32Array[] = [];
  const take = (index: number, length: number) => {
    const whole = spare[index];
    return whole && whole.length >= length ? whole.subarray(0, length) : new Float32Array(length);
  };
  return {
    frames,
    project(tensor) {
      const [rowCount = 0] = tensor.dims;
      const data = tensor.data as Float32Array; // whoever gives other numbers has no kernels
      const size = frames * width;
      const results = parts.map((_, index) => take(index, rowCount * size));
      spare = [];
      for (let row = 0; row < rowCount; row++) {
        const values = data.subarray(row * frames * depth, (row + 1) * frames * depth);
        loaded.floats(encoded.at, values.length).set(values);
        for (const [index, { operations, at }] of parts.entries()) {
          loaded.run(...operations);
          results[index]?.set(loaded.floats(at, size), row * size);
        }
      }
      return Object.fromEntries(
        parts.map(({ name, heads, dims }, index) => {
          const values = results[index] ?? new Float32Array(0);
          return [name, new Tensor('float32', values, [rowCount, heads, ...dims])];
        }),
      );
    },
    takeBack(made) {
      spare = parts.map(({ name }) => {
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
