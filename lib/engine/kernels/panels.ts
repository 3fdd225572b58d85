/** Columns of a panel. */
const COLUMNS = 8;
/** In front of a panel of bytes: zero points, as 16-bit integers. */
const HEAD_BYTES = 32;
/** For products of four at a time: sums of columns, and their zero points. */
const FOURS_HEAD_BYTES = 64;

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
  write(to: Uint8Array): void;
}

/**
 * Puts weights into panels of 8 columns; several matrices stand side by side.
 * @param inFours as `Program.inBytes`; floats lie as they do
 * @returns `null` when they do not fit the kernels: widths that are not a multiple of 8, or matrices of
 * different kinds, or so deep that sums of their products could be too large
 */
export function panelsOf(matrices: readonly WeightMatrix[], inFours = false): Panels | null {
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
  const head = inFours ? FOURS_HEAD_BYTES : HEAD_BYTES;
  const panelBytes = steps ? head + depth * COLUMNS : 4 * depth * COLUMNS;
  return {
    depth,
    columns,
    byteLength: (columns / COLUMNS) * panelBytes,
    bias: joined(matrices.map(({ bias }) => bias)),
    scales: steps && joined(matrices.map((one) => one.steps?.scales ?? new Float32Array(0))),
    isSigned: data instanceof Int8Array,
    inFours: inFours && steps !== null,
    write(to) {
      let at = 0;
      for (const matrix of matrices)
        for (let column = 0; column < matrix.columns; column += COLUMNS) {
          const panel = to.subarray(at, at + panelBytes);
          if (matrix.steps)
            (inFours ? writeFours : writePairs)(matrix, column, panel, matrix.steps.zeros);
          else writeFloats(matrix, column, panel);
          at += panelBytes;
        }
    },
  };
}

/**
 * A column of integers, as the matrix had it.
 * @param panels as `write` has left them
 */
export function readColumn(
  { depth, inFours, isSigned }: Pick<Panels, 'depth' | 'inFours' | 'isSigned'>,
  panels: Uint8Array,
  column: number,
  to: Float32Array,
): void {
  const [head, rows] = inFours ? [FOURS_HEAD_BYTES, 4] : [HEAD_BYTES, 2];
  const panel = Math.floor(column / COLUMNS) * (head + depth * COLUMNS) + head;
  const first = panel + (column % COLUMNS) * rows;
  for (let row = 0; row < depth; row++) {
    const value = panels[first + Math.floor(row / rows) * rows * COLUMNS + (row % rows)] ?? 0;
    const signed = value < 128 ? value : value - 256;
    to[row] = isSigned ? signed : inFours ? signed + 128 : value;
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
  { depth, data, rowOffsets, columnStep }: WeightMatrix,
  column: number,
  panel: Uint8Array,
  zeros: Int16Array,
): void {
  const [sums, signedZeros] = [new Int32Array(COLUMNS), new Int32Array(COLUMNS)];
  const shift = data instanceof Uint8Array ? 128 : 0;
  const to = new Int8Array(panel.buffer, panel.byteOffset + FOURS_HEAD_BYTES, depth * COLUMNS);
  for (let row = 0; row < depth; row++) {
    const from = (rowOffsets[row] ?? 0) + column * columnStep;
    const four = (row >> 2) * 4 * COLUMNS + (row & 3);
    for (let at = 0; at < COLUMNS; at++) {
      const value = (data[from + at * columnStep] ?? 0) - shift;
      to[four + 4 * at] = value;
      sums[at] = (sums[at] ?? 0) + value;
    }
  }
  for (let at = 0; at < COLUMNS; at++) signedZeros[at] = (zeros[column + at] ?? 0) - shift;
  const head = new Int32Array(panel.buffer, panel.byteOffset, 2 * COLUMNS);
  head.set(sums);
  head.set(signedZeros, COLUMNS);
}
