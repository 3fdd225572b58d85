import { dotAdd, HALF, PANEL_HEAD, tileDots1, tileDots4, tileDots6 } from './dot-tile';
import { BLOCK_ROWS, finish, MatMul } from './matmul';
import {
  highOf,
  highOfRow,
  lowOf,
  lowOfRow,
  Quantise,
  QuantiseRows,
  STEPS,
  stepOf,
  VALUES,
  zeroOf,
} from './rows';
import { finishFew, UNIT_COLUMNS } from './steps';
import { TILE_COLUMNS } from './tile';

/**
 * Products of integers by the instruction that multiplies bytes and adds four of them at a time. One of
 * its factors has 7 bits: what is multiplied with weights is two of these, and its products are two sums.
 * Processors that have the instruction do so in two thirds of the time that pairs of 16-bit integers
 * take; others in more. Both ways give the same numbers.
 */

/** Rows of a tile, and of a tile of few rows. */
const TILE_ROWS: i32 = 6;
const FEW_ROWS: i32 = 4;
/** Up to this many rows, one after the other is quicker. */
const SINGLE_ROWS: i32 = 2;

/** Makes halves of some values that lie together, with what stands for zero in them. */
export function quantiseHalves(op: Quantise, unit: i32): void {
  const low = lowOf(op);
  const scale = stepOf(low, highOf(op));
  const first = <usize>(unit * VALUES);
  const count = min(<usize>VALUES, <usize>op.values - first);
  if (unit == 0) storeStep(op.scale, low, scale);
  toHalves(op.from + (first << 2), count, op.to + first, op.half, low, scale);
}

/** Makes halves of a row, whatever is in the others. */
export function quantiseRowHalves(op: QuantiseRows, row: i32): void {
  const count = <usize>op.columns;
  const from = op.from + ((<usize>row * count) << 2);
  const end = from + (count << 2);
  const low = lowOfRow(from, end);
  const scale = stepOf(low, highOfRow(from, end));
  storeStep(op.scales + ((<usize>row) << 3), low, scale);
  toHalves(from, count, op.to + <usize>row * count, op.half, low, scale);
}

@inline
function storeStep(to: usize, low: f32, scale: f32): void {
  store<f32>(to, scale);
  store<i32>(to, <i32>zeroOf(low, scale), 4);
}

/** @param half bytes from the upper halves to the lower ones */
function toHalves(
  from: usize,
  count: usize,
  to: usize,
  half: usize,
  low: f32,
  scale: f32,
): void {
  const zero = f32x4.splat(zeroOf(low, scale));
  const step = f32x4.splat(scale);
  const none = f32x4.splat(0);
  const most = f32x4.splat(STEPS);
  const lower = i16x8.splat(127);
  for (const end = from + (count << 2); from < end; from += 16, to += 4) {
    const rounded = f32x4.add(f32x4.nearest(f32x4.div(v128.load(from), step)), zero);
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.pmax(none, f32x4.pmin(most, rounded)));
    const short = i16x8.narrow_i32x4_s(whole, whole);
    const high = i16x8.shr_u(short, HALF);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(high, high), 0);
    const rest = v128.and(short, lower);
    v128.store32_lane(to + half, i8x16.narrow_i16x8_u(rest, rest), 0);
  }
}

/** c = finish(a x b + bias), rows of one block; see `matmulIntegers`. */
export function matmulDots(op: MatMul, unit: i32, scratch: usize): void {
  const from = unit * BLOCK_ROWS;
  const to = min(from + BLOCK_ROWS, op.rows);
  const scaled = scratch;
  const zeros = scratch + 32;
  const zero = load<i32>(op.aScale, 4);
  for (let row = from; row < to; row++) storeZero(op, row, zero, zeros + ((<usize>(row - from)) << 3));
  const step = f32x4.splat(load<f32>(op.aScale));
  let panel = op.b;
  for (let column = 0; column < op.columns; column += TILE_COLUMNS) {
    const scales = op.scales + ((<usize>column) << 2);
    v128.store(scaled, f32x4.mul(step, v128.load(scales)));
    v128.store(scaled, f32x4.mul(step, v128.load(scales, 16)), 16);
    for (let row = from; row < to; row += TILE_ROWS) {
      const a = op.a + <usize>row * op.aStride;
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const own = zeros + ((<usize>(row - from)) << 3);
      tileDots6(a, op.aStride, op.half, panel, op.depth, own, scaled, c, op.cStride);
    }
    panel += PANEL_HEAD + <usize>op.depth * 8;
  }
  finish(op, from, to, 0, op.columns);
}

/** The same of a few rows, each with a step of its own, some columns; see `matmulFew`. */
export function matmulFewDots(op: MatMul, unit: i32, scratch: usize): void {
  const first = unit * UNIT_COLUMNS;
  const last = min(first + UNIT_COLUMNS, op.columns);
  const panelBytes = PANEL_HEAD + <usize>op.depth * 8;
  for (let row = 0; row < op.rows; row++) {
    const zero = load<i32>(op.aScale + ((<usize>row) << 3), 4);
    storeZero(op, row, zero, scratch + ((<usize>row) << 3));
  }
  let panel = op.b + <usize>(first / TILE_COLUMNS) * panelBytes;
  for (let column = first; column < last; column += TILE_COLUMNS) {
    const scales = op.scales + ((<usize>column) << 2);
    let row = 0;
    while (row < op.rows) {
      const a = op.a + <usize>row * op.aStride;
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const own = scratch + ((<usize>row) << 3);
      // there is room for rows that are not there, but no need
      if (op.rows - row > SINGLE_ROWS) {
        tileDots4(a, op.aStride, op.half, panel, op.depth, own, scales, c, op.cStride);
        row += FEW_ROWS;
      } else {
        tileDots1(a, op.aStride, op.half, panel, op.depth, own, scales, c, op.cStride);
        row++;
      }
    }
    panel += panelBytes;
  }
  finishFew(op, first, last);
}

/** What stands for zero in a row, and the sum of the row without it. */
function storeZero(op: MatMul, row: i32, zero: i32, to: usize): void {
  const ones = i8x16.splat(1);
  const end = op.a + <usize>row * op.aStride + <usize>op.depth;
  let sum = i32x4.splat(0);
  for (let at = end - <usize>op.depth; at < end; at += 4)
    sum = dotAdd(ones, v128.load32_zero(at), sum);
  sum = i32x4.shl(sum, HALF);
  for (let at = end - <usize>op.depth + op.half; at < end + op.half; at += 4)
    sum = dotAdd(ones, v128.load32_zero(at), sum);
  store<i32>(to, zero);
  store<i32>(to, i32x4.extract_lane(sum, 0) - zero * op.depth, 4);
}
