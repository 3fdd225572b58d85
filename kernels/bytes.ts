import { ROW_HEAD, tileBytes1, tileBytes4, tileBytes6 } from './byte-tile';
import { largestOf, ROUNDER, ROUNDER_BITS, smallestOf } from './float';
import { BLOCK_ROWS, finish, MatMul } from './matmul';
import { ROWS } from './rows';
import { UNIT_COLUMNS } from './steps';
import { TILE_COLUMNS } from './tile';

/**
 * Products of bytes, see `dot-tile.ts`: quicker than those of 16-bit integers. Each row has its own scale, so
 * that a loud frame takes no precision from a quiet one.
 */

/** Rows of a tile: the sums of six leave no register for a constant. */
const TILE_ROWS: i32 = PAIRS ? 4 : 6;
/** Rows of a tile of few rows. */
const FEW_ROWS: i32 = 4;
/** Up to this many rows, one after the other is quicker. */
const SINGLE_ROWS: i32 = 2;

/** Fields of an operation `quantiseBytes`. */
@unmanaged
export class QuantiseBytes {
  code: i32;
  units: i32;
  /** [rows][columns] */
  from: usize;
  /** Bytes. */
  to: usize;
  rows: i32;
  columns: i32;
  /** [rows], `ROW_HEAD` bytes each. */
  heads: usize;
  /**
   * What is subtracted from bytes of 0 to `steps` in memory: 0, or 128 where the instruction takes them as
   * signed.
   */
  less: i32;
  /** Between the least and the largest value of a row. */
  steps: i32;
}

/** Quantises some rows to bytes. */
export function quantiseBytes(op: QuantiseBytes, unit: i32): void {
  const count = <usize>op.columns;
  const last = min((unit + 1) * ROWS, op.rows);
  const flip = i8x16.splat(<i8>op.less);
  const bits = i32x4.splat(ROUNDER_BITS);
  const none = i32x4.splat(0);
  const most = i32x4.splat(op.steps);
  for (let row = unit * ROWS; row < last; row++) {
    let from = op.from + ((<usize>row * count) << 2);
    const end = from + (count << 2);
    let lows = f32x4.splat(0);
    let highs = lows;
    for (let at = from; at < end; at += 16) {
      const values = v128.load(at);
      lows = f32x4.pmin(lows, values);
      highs = f32x4.pmax(highs, values);
    }
    const low = smallestOf(lows);
    const high = largestOf(highs);
    // all zero: any scale will do
    const step: f32 = high > low ? (high - low) / <f32>op.steps : 1;
    const zero = nearest<f32>(-low / step);
    const factor = f32x4.splat(1 / step);
    const rounder = f32x4.splat(ROUNDER + zero);
    let sums = i32x4.splat(0);
    for (let to = op.to + <usize>row * count; from < end; from += 16, to += 4) {
      const rounded = f32x4.add(f32x4.mul(v128.load(from), factor), rounder);
      // a value halfway between two integers may be rounded out of the range
      const whole = i32x4.max_s(none, i32x4.min_s(most, i32x4.sub(rounded, bits)));
      sums = i32x4.add(sums, whole);
      const short = i16x8.narrow_i32x4_s(whole, whole);
      v128.store32_lane(to, v128.xor(i8x16.narrow_i16x8_u(short, short), flip), 0);
    }
    const sum =
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    const head = op.heads + <usize>row * ROW_HEAD;
    store<i32>(head, <i32>zero - op.less);
    store<i32>(head, sum - <i32>zero * op.columns, 4);
    store<f32>(head, step, 8);
  }
}

/** c = finish(a x b + bias), rows of one block; see `matmulIntegers`. */
export function matmulBytes(op: MatMul, unit: i32): void {
  const from = unit * BLOCK_ROWS;
  const to = min(from + BLOCK_ROWS, op.rows);
  let panel = op.b;
  for (let column = 0; column < op.columns; column += TILE_COLUMNS) {
    const scales = op.scales + ((<usize>column) << 2);
    for (let row = from; row < to; row += TILE_ROWS) {
      const a = op.a + <usize>row * op.aStride;
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const heads = op.aScale + <usize>row * ROW_HEAD;
      if (PAIRS) tileBytes4(a, op.aStride, panel, op.depth, heads, scales, c, op.cStride);
      else tileBytes6(a, op.aStride, panel, op.depth, heads, scales, c, op.cStride);
    }
    panel += op.panelBytes;
  }
  finish(op, from, to, 0, op.columns);
}

/** The same of a few rows, some columns; see `matmulFew`. */
export function matmulFewBytes(op: MatMul, unit: i32): void {
  const first = unit * UNIT_COLUMNS;
  const last = min(first + UNIT_COLUMNS, op.columns);
  let panel = op.b + <usize>(first / TILE_COLUMNS) * op.panelBytes;
  for (let column = first; column < last; column += TILE_COLUMNS) {
    const scales = op.scales + ((<usize>column) << 2);
    let row = 0;
    while (row < op.rows) {
      const a = op.a + <usize>row * op.aStride;
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const heads = op.aScale + <usize>row * ROW_HEAD;
      // there is room to compute rows beyond the last, but no need
      if (op.rows - row > SINGLE_ROWS) {
        tileBytes4(a, op.aStride, panel, op.depth, heads, scales, c, op.cStride);
        row += FEW_ROWS;
      } else {
        tileBytes1(a, op.aStride, panel, op.depth, heads, scales, c, op.cStride);
        row++;
      }
    }
    panel += op.panelBytes;
  }
  finish(op, 0, op.rows, first, last);
}
