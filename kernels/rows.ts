import { largestOf, smallestOf, sumOf } from './float';

/** What is done to rows and to single values. */

/** Rows of one unit. */
export const ROWS: i32 = 64;
/** Values of one unit. */
const VALUES: i32 = 65_536;

const EPSILON: f32 = 1e-5;

/**
 * Steps between the least and the largest value that is quantised. Bytes would have 255, as in ONNX's
 * DynamicQuantizeLinear; these are 16-bit integers in any case, and with 255 for all rows together, an
 * outlier costs its neighbours so much precision that words are lost. With more steps than these, sums of
 * products would not be exact in 32 bits: see `panels.ts`.
 */
const STEPS: f32 = 2047;

/** Fields of an operation `normalise`. */
@unmanaged
export class Normalise {
  code: i32;
  units: i32;
  /** [rows][width] */
  from: usize;
  to: usize;
  rows: i32;
  width: i32;
  /** [width] */
  scale: usize;
  bias: usize;
  /** Not 0: what is below zero becomes zero. */
  relu: i32;
}

/** Layer normalisation (Ba et al. 2016) of some rows. */
export function normalise(op: Normalise, unit: i32): void {
  const bytes = (<usize>op.width) << 2;
  const end = min((unit + 1) * ROWS, op.rows);
  const least = f32x4.splat(op.relu ? 0 : -f32.MAX_VALUE);
  for (let row = unit * ROWS; row < end; row++) {
    const from = op.from + <usize>row * bytes;
    const to = op.to + <usize>row * bytes;
    let sums = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) sums = f32x4.add(sums, v128.load(from + at));
    const mean = f32x4.splat(sumOf(sums) / <f32>op.width);
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const off = f32x4.sub(v128.load(from + at), mean);
      squares = f32x4.add(squares, f32x4.mul(off, off));
    }
    const deviation = sqrt<f32>(sumOf(squares) / <f32>op.width + EPSILON);
    const size = f32x4.splat(1 / deviation);
    for (let at: usize = 0; at < bytes; at += 16) {
      const off = f32x4.mul(f32x4.sub(v128.load(from + at), mean), size);
      const scaled = f32x4.mul(off, v128.load(op.scale + at));
      v128.store(to + at, f32x4.pmax(least, f32x4.add(scaled, v128.load(op.bias + at))));
    }
  }
}

/** Fields of the operations `range` and `quantise`. */
@unmanaged
export class Quantise {
  code: i32;
  units: i32;
  from: usize;
  /** 16-bit integers. */
  to: usize;
  /** A multiple of 4. */
  values: i32;
  /** [units][2]: the least and the largest value of each. */
  ranges: usize;
  /** Gets the scale. */
  scale: usize;
}

/** Finds the least and the largest of some values. */
export function range(op: Quantise, unit: i32): void {
  let at = op.from + ((<usize>unit * VALUES) << 2);
  const end = op.from + ((<usize>min((unit + 1) * VALUES, op.values)) << 2);
  let low = f32x4.splat(0);
  let high = low;
  for (; at < end; at += 16) {
    const x = v128.load(at);
    low = f32x4.pmin(low, x);
    high = f32x4.pmax(high, x);
  }
  const to = op.ranges + ((<usize>unit) << 3);
  store<f32>(to, smallestOf(low));
  store<f32>(to, largestOf(high), 4);
}

/** The least value of all units, or 0. */
function lowOf(op: Quantise): f32 {
  let low: f32 = 0;
  for (let at = op.ranges, end = at + ((<usize>op.units) << 3); at < end; at += 8)
    low = min(low, load<f32>(at));
  return low;
}

/** The largest value of all units, or 0. */
function highOf(op: Quantise): f32 {
  let high: f32 = 0;
  for (let at = op.ranges, end = at + ((<usize>op.units) << 3); at < end; at += 8)
    high = max(high, load<f32>(at, 4));
  return high;
}

/** Quantises some values that lie together. */
export function quantise(op: Quantise, unit: i32): void {
  const low = lowOf(op);
  const scale = stepOf(low, highOf(op));
  if (unit == 0) store<f32>(op.scale, scale);
  const at = op.from + ((<usize>unit * VALUES) << 2);
  const end = op.from + ((<usize>min((unit + 1) * VALUES, op.values)) << 2);
  toIntegers(at, end, op.to + ((<usize>unit * VALUES) << 1), low, scale);
}

/** Fields of the operation `quantiseRows`. */
@unmanaged
export class QuantiseRows {
  code: i32;
  units: i32;
  /** [rows][columns], one row a unit. */
  from: usize;
  /** 16-bit integers. */
  to: usize;
  columns: i32;
  /** [rows]: the scale of each. */
  scales: usize;
}

/** The least value of a row, or 0. */
function lowOfRow(from: usize, end: usize): f32 {
  let low = f32x4.splat(0);
  for (; from < end; from += 16) low = f32x4.pmin(low, v128.load(from));
  return smallestOf(low);
}

/** The largest value of a row, or 0. */
function highOfRow(from: usize, end: usize): f32 {
  let high = f32x4.splat(0);
  for (; from < end; from += 16) high = f32x4.pmax(high, v128.load(from));
  return largestOf(high);
}

/** Quantises a row by itself, whatever is in the others. */
export function quantiseRow(op: QuantiseRows, row: i32): void {
  const from = op.from + ((<usize>row * <usize>op.columns) << 2);
  const end = from + ((<usize>op.columns) << 2);
  const least = lowOfRow(from, end);
  const scale = stepOf(least, highOfRow(from, end));
  store<f32>(op.scales + ((<usize>row) << 2), scale);
  toIntegers(from, end, op.to + ((<usize>row * <usize>op.columns) << 1), least, scale);
}

/** The scale. */
@inline
function stepOf(low: f32, high: f32): f32 {
  // all zero: any scale will do
  return high > low ? (high - low) / STEPS : 1;
}

/** The zero point. */
@inline
function zeroOf(low: f32, scale: f32): f32 {
  return nearest<f32>(max<f32>(0, min<f32>(STEPS, -low / scale)));
}

/**
 * As ONNX's DynamicQuantizeLinear in finer steps, with the zero point subtracted: products need no
 * correction.
 */
function toIntegers(from: usize, end: usize, to: usize, low: f32, scale: f32): void {
  const zero = zeroOf(low, scale);
  const step = f32x4.splat(scale);
  const least = f32x4.splat(-zero);
  const most = f32x4.splat(STEPS - zero);
  for (let at = from; at < end; at += 16, to += 8) {
    const rounded = f32x4.nearest(f32x4.div(v128.load(at), step));
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.pmax(least, f32x4.pmin(most, rounded)));
    v128.store64_lane(to, i16x8.narrow_i32x4_s(whole, whole), 0);
  }
}

/** Fields of an operation `turn`. */
@unmanaged
export class Turn {
  code: i32;
  units: i32;
  /** [rows][columns] */
  from: usize;
  /** [columns][rows] */
  to: usize;
  rows: i32;
  columns: i32;
}

/** Rows to columns. */
export function turn(op: Turn, unit: i32): void {
  const end = min((unit + 1) * ROWS, op.columns);
  for (let column = unit * ROWS; column < end; column++) {
    const to = op.to + ((<usize>(column * op.rows)) << 2);
    for (let row = 0; row < op.rows; row++) {
      const from = op.from + ((<usize>(row * op.columns + column)) << 2);
      store<f32>(to + ((<usize>row) << 2), load<f32>(from));
    }
  }
}

/** Fields of an operation `splice`. */
@unmanaged
export class Splice {
  code: i32;
  units: i32;
  /** [rows][columns] */
  from: usize;
  /** [rows][3][columns] */
  to: usize;
  rows: i32;
  columns: i32;
  /** Rows from one to the next that is put beside it. */
  distance: i32;
  /** Where the number of rows is that mean something. */
  count: usize;
}

/**
 * Puts each of some rows between the rows a fixed distance before and after it, side by side: zeros beyond
 * the ends.
 */
export function splice(op: Splice, unit: i32): void {
  const bytes = (<usize>op.columns) << 2;
  const count = load<i32>(op.count);
  const end = min((unit + 1) * ROWS, op.rows);
  for (let row = unit * ROWS; row < end; row++)
    for (let side = -1; side <= 1; side++) {
      const to = op.to + <usize>(3 * row + side + 1) * bytes;
      const source = row + side * op.distance;
      if (source < 0 || source >= count) memory.fill(to, 0, bytes);
      else memory.copy(to, op.from + <usize>source * bytes, bytes);
    }
}
