import type { ByteProducts } from './kernels';

/** Columns of a panel. */
const COLUMNS = 8;
/** In front of a panel of bytes: zero points, as 16-bit integers. */
const HEAD_BYTES = 32;
/** For products of four at a time: sums of columns, and their zero points. */
const FOURS_HEAD_BYTES = 64;
/** Bytes of four rows of a panel. */
const FOUR_BYTES = 4 * COLUMNS;

/** Between the least and the largest value of a row of bytes. */
export const BYTE_STEPS = 255;
/**
 * The same where sums of two products have 16 bits. Fewer would be less exact; with more, more weights would be
 * too large side by side: with these it is one step of 60.
 */
export const PAIR_STEPS = 191;
/** The largest sum of two weights that can be multiplied by so many steps there. */
const MOST_PAIR = Math.floor(32_767 / PAIR_STEPS);
/** What was too large, of four rows: where they are in a row of bytes, and weights to be multiplied, too. */
const REST_BYTES = 4 + FOUR_BYTES;

/** The largest factor that weights are multiplied by: `STEPS` in `kernels/rows.ts`; bytes are smaller. */
const MOST_FACTOR = 2047;
const MOST_SUM = 2 ** 31 - 1;

/** A matrix of weights as it lies in a file: [depth][columns], in some order. */
export interface WeightMatrix {
  depth: number;
  columns: number;
  data: Float32Array | Int8Array | Uint8Array;
  /** Where each row begins in `data`; [depth]. */
  rowOffsets: Uint32Array;
  /** Elements from one column to the next. */
  columnStep: number;
  /** [columns] */
  bias: Float32Array;
  /** Scales and zero points of integers, [columns]; `null` for floats. */
  steps: { scales: Float32Array; zeros: Int16Array } | null;
}

/** Weights in the order in which the kernels read them. */
export interface Panels {
  depth: number;
  columns: number;
  byteLength: number;
  bias: Float32Array;
  /** [columns]; `null` for floats. */
  scales: Float32Array | null;
  isSigned: boolean;
  /** Whether bytes lie so that four rows are multiplied at once, see `kernels/bytes.ts`; else two. */
  inFours: boolean;
  /** Bytes of a panel. */
  panelBytes: number;
  /** What of a panel of bytes does not fit into pairs, behind it: up to so many times four rows; 0: none. */
  rests: number;
  write(to: Uint8Array): void;
}

/**
 * Puts weights into panels of 8 columns; several matrices stand side by side.
 * @param bytes as `Program.bytes`; no meaning for floats
 * @returns `null` when they do not fit the kernels: widths that are not a multiple of 8, or matrices of
 * different kinds, or so deep that sums of their products could be too large
 */
export function panelsOf(
  matrices: readonly WeightMatrix[],
  bytes: ByteProducts | null = null,
): Panels | null {
  const [first] = matrices;
  if (!first) return null;
  const { depth, data, steps } = first;
  const alike = matrices.every(
    (one) =>
      one.depth === depth &&
      one.columns % COLUMNS === 0 &&
      one.data.constructor === data.constructor &&
      (one.steps === null) === (steps === null),
  );
  const largest = Math.max(...matrices.map(largestWeight));
  if (largest * depth * MOST_FACTOR > MOST_SUM) return null;
  if (!alike || depth % 4 !== 0 || (steps === null) !== data instanceof Float32Array) return null;
  const columns = matrices.reduce((sum, one) => sum + one.columns, 0);
  const inFours = bytes !== null && steps !== null;
  const rests = inFours && bytes.inPairs ? Math.max(...matrices.map(mostRests)) : null;
  const head = inFours ? FOURS_HEAD_BYTES : HEAD_BYTES;
  const restBytes = rests === null ? 0 : 4 + rests * REST_BYTES;
  const panelBytes = steps ? head + depth * COLUMNS + restBytes : 4 * depth * COLUMNS;
  return {
    depth,
    columns,
    byteLength: (columns / COLUMNS) * panelBytes,
    bias: joined(matrices.map(({ bias }) => bias)),
    scales: steps && joined(matrices.map((one) => one.steps?.scales ?? new Float32Array(0))),
    isSigned: data instanceof Int8Array,
    ...{ inFours, panelBytes, rests: rests ?? 0 },
    write(to) {
      let at = 0;
      for (const matrix of matrices)
        for (let column = 0; column < matrix.columns; column += COLUMNS) {
          const panel = to.subarray(at, at + panelBytes);
          if (!matrix.steps) writeFloats(matrix, column, panel);
          else if (!inFours) writePairs(matrix, column, panel, matrix.steps.zeros);
          else writeFours(matrix, column, panel, matrix.steps.zeros);
          if (rests !== null) moveRests(panel, depth);
          at += panelBytes;
        }
    },
  };
}

/**
 * A column of integers, as the matrix had it.
 * @param written as `write` has left them
 */
export function readColumn(
  panels: Pick<Panels, 'depth' | 'inFours' | 'isSigned' | 'panelBytes' | 'rests'>,
  written: Uint8Array,
  column: number,
  to: Float32Array,
): void {
  const { depth, inFours, isSigned, panelBytes } = panels;
  const [head, rows] = inFours ? [FOURS_HEAD_BYTES, 4] : [HEAD_BYTES, 2];
  const from = Math.floor(column / COLUMNS) * panelBytes;
  const first = from + head + (column % COLUMNS) * rows;
  for (let row = 0; row < depth; row++) {
    const value = written[first + Math.floor(row / rows) * rows * COLUMNS + (row % rows)] ?? 0;
    const signed = value < 128 ? value : value - 256;
    to[row] = isSigned ? signed : inFours ? signed + 128 : value;
  }
  if (panels.rests === 0) return;
  for (const { at, weights } of restsOf(written.subarray(from, from + panelBytes), depth))
    for (let row = 0; row < 4; row++) {
      const rest = weights[(column % COLUMNS) * 4 + row] ?? 0;
      to[at + row] = (to[at + row] ?? 0) + rest;
    }
}

/** The largest absolute value of an integer of the matrix less its zero point; 0 for floats. */
function largestWeight({ data, steps }: WeightMatrix): number {
  if (!steps) return 0;
  const [low, high] = data instanceof Int8Array ? [-128, 127] : [0, 255];
  return steps.zeros.reduce((most, zero) => Math.max(most, zero - low, high - zero), 0);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** [depth][8] */
function writeFloats(
  { depth, data, rowOffsets, columnStep }: WeightMatrix,
  column: number,
  panel: Uint8Array,
): void {
  const to = new Float32Array(panel.buffer, panel.byteOffset, depth * COLUMNS);
  for (let row = 0; row < depth; row++) {
    const from = (rowOffsets[row] ?? 0) + column * columnStep;
    for (let at = 0; at < COLUMNS; at++) to[row * COLUMNS + at] = data[from + at * columnStep] ?? 0;
  }
}

/** Zeros [8][2], then [depth / 2][8][2]: two rows are multiplied at once. */
function writePairs(
  { depth, data, rowOffsets, columnStep }: WeightMatrix,
  column: number,
  panel: Uint8Array,
  zeros: Int16Array,
): void {
  const head = new Int16Array(panel.buffer, panel.byteOffset, 2 * COLUMNS);
  for (let at = 0; at < 2 * COLUMNS; at++) head[at] = zeros[column + (at >> 1)] ?? 0;
  const to = panel.subarray(HEAD_BYTES);
  for (let row = 0; row < depth; row++) {
    const from = (rowOffsets[row] ?? 0) + column * columnStep;
    const pair = (row >> 1) * 2 * COLUMNS + (row & 1);
    for (let at = 0; at < COLUMNS; at++) to[pair + 2 * at] = data[from + at * columnStep] ?? 0;
  }
}

/** Sums [8], zeros [8], then [depth / 4][8][4], all signed: four rows are multiplied at once. */
function writeFours(
  matrix: WeightMatrix,
  column: number,
  panel: Uint8Array,
  zeros: Int16Array,
): void {
  const { depth, data } = matrix;
  const [sums, signedZeros] = [new Int32Array(COLUMNS), new Int32Array(COLUMNS)];
  const shift = data instanceof Uint8Array ? 128 : 0;
  const to = new Int8Array(panel.buffer, panel.byteOffset + FOURS_HEAD_BYTES, depth * COLUMNS);
  writeSigned(matrix, column, to);
  for (let at = 0; at < to.length; at++) {
    const own = (at >> 2) % COLUMNS;
    sums[own] = (sums[own] ?? 0) + (to[at] ?? 0);
  }
  for (let at = 0; at < COLUMNS; at++) signedZeros[at] = (zeros[column + at] ?? 0) - shift;
  const head = new Int32Array(panel.buffer, panel.byteOffset, 2 * COLUMNS);
  head.set(sums);
  head.set(signedZeros, COLUMNS);
}

/** [depth / 4][8][4], all signed. */
function writeSigned(
  { depth, data, rowOffsets, columnStep }: WeightMatrix,
  column: number,
  to: Int8Array,
): void {
  const shift = data instanceof Uint8Array ? 128 : 0;
  for (let row = 0; row < depth; row++) {
    const from = (rowOffsets[row] ?? 0) + column * columnStep;
    const four = (row >> 2) * FOUR_BYTES + (row & 3);
    for (let at = 0; at < COLUMNS; at++)
      to[four + 4 * at] = (data[from + at * columnStep] ?? 0) - shift;
  }
}

/** How many times four rows of a panel have weights that are too large side by side: in the panel with most. */
function mostRests(matrix: WeightMatrix): number {
  const weights = new Int8Array(matrix.depth * COLUMNS);
  const rest = new Int8Array(FOUR_BYTES);
  let most = 0;
  for (let column = 0; column < matrix.columns; column += COLUMNS) {
    writeSigned(matrix, column, weights);
    let count = 0;
    for (let from = 0; from < weights.length; from += FOUR_BYTES)
      if (takeRest(weights, from, rest)) count++;
    most = Math.max(most, count);
  }
  return most;
}

/** Puts what is too large in a panel behind it: how many times four rows, then these. */
function moveRests(panel: Uint8Array, depth: number): void {
  const behind = FOURS_HEAD_BYTES + depth * COLUMNS;
  const view = new DataView(panel.buffer, panel.byteOffset);
  const bytes = new Int8Array(panel.buffer, panel.byteOffset, panel.length);
  const rest = new Int8Array(FOUR_BYTES);
  let count = 0;
  for (let row = 0; row < depth; row += 4) {
    if (!takeRest(bytes, FOURS_HEAD_BYTES + row * COLUMNS, rest)) continue;
    const to = behind + 4 + count * REST_BYTES;
    view.setInt32(to, row, true);
    bytes.set(rest, to + 4);
    count++;
  }
  view.setInt32(behind, count, true);
}

/** What `moveRests` has put behind a panel. */
function* restsOf(panel: Uint8Array, depth: number): Generator<{ at: number; weights: Int8Array }> {
  const view = new DataView(panel.buffer, panel.byteOffset);
  const from = FOURS_HEAD_BYTES + depth * COLUMNS;
  const end = from + 4 + view.getInt32(from, true) * REST_BYTES;
  for (let at = from + 4; at < end; at += REST_BYTES) {
    const weights = new Int8Array(panel.buffer, panel.byteOffset + at + 4, FOUR_BYTES);
    yield { at: view.getInt32(at, true), weights };
  }
}

/**
 * Takes from the weights of four rows what is too large for sums of two products in 16 bits.
 * @param weights [8][4], from a place on
 * @param rest gets it, in the same order
 * @returns whether there was any
 */
function takeRest(weights: Int8Array, from: number, rest: Int8Array): boolean {
  let isAny = false;
  for (let at = 0; at < FOUR_BYTES; at += 2) {
    const first = weights[from + at] ?? 0;
    const second = weights[from + at + 1] ?? 0;
    const sum = first + second;
    if (sum <= MOST_PAIR && sum >= -MOST_PAIR) continue;
    if (!isAny) rest.fill(0);
    isAny = true;
    const over = sum > 0 ? sum - MOST_PAIR : sum + MOST_PAIR;
    // both have its sign, and the larger one is not less than what is taken
    const larger = Math.abs(first) > Math.abs(second) ? at : at + 1;
    weights[from + larger] = (weights[from + larger] ?? 0) - over;
    rest[larger] = over;
  }
  return isAny;
}
