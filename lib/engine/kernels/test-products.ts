import { KernelProgram, type KernelSource } from './kernels';
import { panelsOf } from './panels';
import { Program } from './program';

/** Numbers between -1 and 1 that look like no pattern. */
export function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(12.9898 * (at + 1) * seed) % 1);
}

interface Bytes {
  Bytes: typeof Int8Array | typeof Uint8Array;
  /** What stands for zero in the first column; others differ by little. */
  zero: number;
}

/** Weights as exports have them. */
export const BYTES: readonly (readonly [name: string, Bytes])[] = [
  ['signed', { Bytes: Int8Array, zero: 0 }],
  ['signed, with zeros', { Bytes: Int8Array, zero: -7 }],
  ['unsigned', { Bytes: Uint8Array, zero: 117 }],
];

interface Shape {
  rows: number;
  isFew: boolean;
}

/** The same product by both instructions: of pairs of 16-bit integers, and of four bytes. */
export async function bothProducts(
  source: KernelSource,
  bytes: Bytes,
  shape: Shape,
): Promise<[pairs: Float32Array, fours: Float32Array]> {
  return [
    await product({ ...source, dots: false }, bytes, shape),
    await product({ ...source, dots: true }, bytes, shape),
  ];
}

async function product(
  source: KernelSource,
  { Bytes, zero }: Bytes,
  { rows, isFew }: Shape,
): Promise<Float32Array> {
  const [depth, columns] = [64, 72];
  const program = new Program(source.dots);
  const matrix = {
    ...{ depth, columns, columnStep: 1, bias: noise(columns, 8) },
    data: new Bytes(depth * columns).map((_, at) => (at * 37 + (at >> 5)) % 256),
    rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
    steps: {
      scales: noise(columns, 9),
      zeros: Int16Array.from({ length: columns }, (_, at) => zero && zero + (at % 3)),
    },
  };
  const panels = panelsOf([matrix], source.dots);
  if (!panels) throw new Error('The weights do not fit.');
  const room = Math.ceil(rows / 12) * 12;
  const [from, to] = [program.matrix(room, depth), program.matrix(room, columns)];
  const integers = program.integers(room * depth, room);
  const only = { ...from, rows };
  if (isFew) {
    program.quantiseRows(only, integers);
    const few = program.integerRows(only, integers);
    program.matmulFew(few, program.weights(panels), { ...to, rows }, { gelu: true });
  } else {
    program.quantise(only, integers);
    program.matmul(program.integerRows(only, integers), program.weights(panels), to);
  }
  const loaded = await KernelProgram.load({ ...source, threads: 1 }, program);
  const values = noise(rows * depth, 10).map((value) => 3 * value + 0.5);
  loaded.floats(from.at, values.length).set(values);
  loaded.run();
  return loaded.floats(to.at, rows * columns).slice();
}
