import { KernelProgram, type KernelSource } from './kernels';
import { BYTE_STEPS, PAIR_STEPS, panelsOf } from './panels';
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

/**
 * How far a product of integers is from the right one, of its largest value: of rows whose values are whole numbers of
 * steps, and of very different size. What bytes make of them is exact.
 */
export async function productError(
  source: KernelSource,
  { Bytes, zero }: Bytes,
  { rows, isFew }: Shape,
): Promise<number> {
  const [depth, columns] = [64, 72];
  const program = new Program(source.bytes);
  const data = new Bytes(depth * columns).map((_, at) => (at * 37 + (at >> 5)) % 256);
  const scales = noise(columns, 9);
  const zeros = Int16Array.from({ length: columns }, (_, at) => zero && zero + (at % 3));
  const bias = noise(columns, 8);
  const matrix = {
    ...{ depth, columns, columnStep: 1, bias, data, steps: { scales, zeros } },
    rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
  };
  const panels = panelsOf([matrix], program.bytes);
  if (!panels) throw new Error('The weights do not fit.');
  const room = Math.ceil(rows / 12) * 12;
  const [from, to] = [program.matrix(room, depth), program.matrix(room, columns)];
  const integers = program.integers(room * depth, room);
  const few = { ...from, rows };
  if (isFew)
    program.matmulFew(program.quantiseRows(few, integers), program.weights(panels), {
      ...to,
      rows,
    });
  else program.matmul(program.quantise(few, integers), program.weights(panels), to);
  const loaded = await KernelProgram.load({ ...source, threads: 1 }, program);
  const most = source.bytes?.inPairs ? PAIR_STEPS : BYTE_STEPS;
  const values = Float32Array.from({ length: rows * depth }, (_, at) => {
    const row = Math.floor(at / depth);
    const step = at % depth < 2 ? most * (at % depth) : (at * 29) % (most + 1);
    return (step - ((row * 50) % (most + 1))) * 2 ** -(row % 3);
  });
  loaded.floats(from.at, values.length).set(values);
  loaded.run();
  const right = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let inner = 0; inner < depth; inner++)
      sum +=
        (values[row * depth + inner] ?? 0) *
        ((data[inner * columns + column] ?? 0) - (zeros[column] ?? 0));
    return sum * (scales[column] ?? 0) + (bias[column] ?? 0);
  });
  const found = loaded.floats(to.at, right.length);
  const largest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = right.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN)) / largest);
  return Math.max(...apart);
}
