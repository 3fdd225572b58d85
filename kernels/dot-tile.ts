import { storeScaled } from './tile';

/**
 * Products of bytes that are added four at a time: one instruction on some processors; on others, pairs that are
 * added in 16 bits and then in 32 (`PAIRS`). Only 7 bits of the second factor work everywhere; a value that
 * needs more is split into two 7-bit halves, whose products are summed separately.
 */

/** In front of a panel, [8] each: the sums of its columns, and their zero points. */
export const PANEL_HEAD: usize = 64;

/** Bits of the lower half. */
export const HALF: i32 = 7;

/**
 * Ones, 16 bits each, that engines do not know to be constant: they would make them again in each step of a loop.
 * @param depth above 0
 */
@inline
export function onesOf(depth: i32): v128 {
  return i16x8.splat(<i16>(depth > 0));
}

/** Products of bytes with 7-bit integers, four of which are added to each sum. */
@inline
export function dotAdd(weights: v128, half: v128, sum: v128, ones: v128): v128 {
  // what engines make of the one instruction where the processor has none is slower
  if (PAIRS) {
    const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(weights, half);
    return i32x4.add(sum, i32x4.dot_i16x8_s(pairs, ones));
  }
  if (RELAXED) return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, half, sum);
  const low = i16x8.extmul_low_i8x16_s(weights, half);
  const high = i16x8.extmul_high_i8x16_s(weights, half);
  const lows = i32x4.extadd_pairwise_i16x8_s(low);
  const highs = i32x4.extadd_pairwise_i16x8_s(high);
  const even = v128.shuffle<i32>(lows, highs, 0, 2, 4, 6);
  return i32x4.add(sum, i32x4.add(even, v128.shuffle<i32>(lows, highs, 1, 3, 5, 7)));
}

/** Stores the sums of a row, corrected for its zero point, times the scales. */
@inline
function storeDots(c: usize, low: v128, high: v128, panel: usize, zero: v128, scales: usize): void {
  storeScaled(
    c,
    i32x4.sub(low, i32x4.mul(zero, v128.load(panel))),
    i32x4.sub(high, i32x4.mul(zero, v128.load(panel, 16))),
    scales,
  );
}

/**
 * c = (a x panel) x scales, 6 rows and 8 columns.
 * @param a upper halves; `half` bytes behind them the lower ones
 * @param panel [8] sums, 32 bytes that are not read, then [depth / 4][8][4]; 0 stands for zero in it
 * @param nothing stands for zero in `a`
 */
export function tileDots6(
  a: usize,
  aStride: usize,
  half: usize,
  panel: usize,
  depth: i32,
  nothing: i32,
  scales: usize,
  c: usize,
  cStride: usize,
): void {
  let c00 = i32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  const ones = onesOf(depth);
  let b = panel + PANEL_HEAD;
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  let a4 = a3 + aStride;
  let a5 = a4 + aStride;
  let end = a0 + <usize>depth;
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = dotAdd(b0, x, c00, ones);
    c01 = dotAdd(b1, x, c01, ones);
    x = v128.load32_splat(a1);
    c10 = dotAdd(b0, x, c10, ones);
    c11 = dotAdd(b1, x, c11, ones);
    x = v128.load32_splat(a2);
    c20 = dotAdd(b0, x, c20, ones);
    c21 = dotAdd(b1, x, c21, ones);
    x = v128.load32_splat(a3);
    c30 = dotAdd(b0, x, c30, ones);
    c31 = dotAdd(b1, x, c31, ones);
    x = v128.load32_splat(a4);
    c40 = dotAdd(b0, x, c40, ones);
    c41 = dotAdd(b1, x, c41, ones);
    x = v128.load32_splat(a5);
    c50 = dotAdd(b0, x, c50, ones);
    c51 = dotAdd(b1, x, c51, ones);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
    b += 32;
  }
  c00 = i32x4.shl(c00, HALF);
  c01 = i32x4.shl(c01, HALF);
  c10 = i32x4.shl(c10, HALF);
  c11 = i32x4.shl(c11, HALF);
  c20 = i32x4.shl(c20, HALF);
  c21 = i32x4.shl(c21, HALF);
  c30 = i32x4.shl(c30, HALF);
  c31 = i32x4.shl(c31, HALF);
  c40 = i32x4.shl(c40, HALF);
  c41 = i32x4.shl(c41, HALF);
  c50 = i32x4.shl(c50, HALF);
  c51 = i32x4.shl(c51, HALF);
  b = panel + PANEL_HEAD;
  a0 = a + half;
  a1 = a0 + aStride;
  a2 = a1 + aStride;
  a3 = a2 + aStride;
  a4 = a3 + aStride;
  a5 = a4 + aStride;
  end = a0 + <usize>depth;
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = dotAdd(b0, x, c00, ones);
    c01 = dotAdd(b1, x, c01, ones);
    x = v128.load32_splat(a1);
    c10 = dotAdd(b0, x, c10, ones);
    c11 = dotAdd(b1, x, c11, ones);
    x = v128.load32_splat(a2);
    c20 = dotAdd(b0, x, c20, ones);
    c21 = dotAdd(b1, x, c21, ones);
    x = v128.load32_splat(a3);
    c30 = dotAdd(b0, x, c30, ones);
    c31 = dotAdd(b1, x, c31, ones);
    x = v128.load32_splat(a4);
    c40 = dotAdd(b0, x, c40, ones);
    c41 = dotAdd(b1, x, c41, ones);
    x = v128.load32_splat(a5);
    c50 = dotAdd(b0, x, c50, ones);
    c51 = dotAdd(b1, x, c51, ones);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
    b += 32;
  }
  const zero = i32x4.splat(nothing);
  storeDots(c, c00, c01, panel, zero, scales);
  c += cStride;
  storeDots(c, c10, c11, panel, zero, scales);
  c += cStride;
  storeDots(c, c20, c21, panel, zero, scales);
  c += cStride;
  storeDots(c, c30, c31, panel, zero, scales);
  c += cStride;
  storeDots(c, c40, c41, panel, zero, scales);
  c += cStride;
  storeDots(c, c50, c51, panel, zero, scales);
}

/** From halves, in 16 bits; four values, twice. */
@inline
function wholeOf(high: v128, low: v128): v128 {
  return i16x8.add(i16x8.shl(i16x8.extend_low_i8x16_u(high), HALF), i16x8.extend_low_i8x16_u(low));
}

/** Adds what the weights of four columns make of upper halves, or, in 16 bits, of whole values: two columns. */
@inline
function firstAdd(weights: v128, x: v128, sum: v128, ones: v128): v128 {
  if (RELAXED) return dotAdd(weights, x, sum, ones);
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), x));
}

/** The same of lower halves, or of the other two columns. */
@inline
function secondAdd(weights: v128, x: v128, sum: v128, ones: v128): v128 {
  if (RELAXED) return dotAdd(weights, x, sum, ones);
  return i32x4.add(sum, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), x));
}

/** Four columns, of what these have added up. */
@inline
function joined(first: v128, second: v128): v128 {
  if (RELAXED) return i32x4.add(i32x4.shl(first, HALF), second);
  const even = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  return i32x4.add(even, v128.shuffle<i32>(first, second, 1, 3, 5, 7));
}

/**
 * c = (a x two panels) x scales: a single row, and 16 columns.
 * @param a upper halves; `half` bytes behind them the lower ones
 * @param panel as above; the next one begins `panelBytes` bytes behind it
 * @param nothing stands for zero in `a`
 * @param scales of the first panel's columns; `others`: of the second's
 */
export function rowDots(
  a: usize,
  half: usize,
  panel: usize,
  panelBytes: usize,
  depth: i32,
  nothing: i32,
  scales: usize,
  others: usize,
  c: usize,
): void {
  // as many sums as it takes for none to wait for the one before
  let c0 = i32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let d0 = c0;
  let d1 = c0;
  let d2 = c0;
  let d3 = c0;
  const ones = onesOf(depth);
  let b = panel + PANEL_HEAD;
  for (const end = a + <usize>depth; a < end; a += 4, b += 32) {
    let x = v128.load32_splat(a);
    let y = v128.load32_splat(a + half);
    if (!RELAXED) {
      x = wholeOf(x, y);
      y = x;
    }
    let weights = v128.load(b);
    c0 = firstAdd(weights, x, c0, ones);
    d0 = secondAdd(weights, y, d0, ones);
    weights = v128.load(b, 16);
    c1 = firstAdd(weights, x, c1, ones);
    d1 = secondAdd(weights, y, d1, ones);
    weights = v128.load(b + panelBytes);
    c2 = firstAdd(weights, x, c2, ones);
    d2 = secondAdd(weights, y, d2, ones);
    weights = v128.load(b + panelBytes, 16);
    c3 = firstAdd(weights, x, c3, ones);
    d3 = secondAdd(weights, y, d3, ones);
  }
  const zero = i32x4.splat(nothing);
  storeDots(c, joined(c0, d0), joined(c1, d1), panel, zero, scales);
  storeDots(c + 32, joined(c2, d2), joined(c3, d3), panel + panelBytes, zero, others);
}
