import { storeScaled } from './tile';

/**
 * The instruction that multiplies bytes and adds the products four at a time. Only 7 bits of its second
 * factor work on every processor; a value that needs more is split into two 7-bit halves, whose products are
 * summed separately.
 */

/** In front of a panel, [8] each: the sums of its columns, and their zero points. */
export const PANEL_HEAD: usize = 64;

/** Bits of the lower half. */
export const HALF: i32 = 7;

/** Products of bytes with 7-bit integers, four of which are added to each sum. */
@inline
export function dotAdd(weights: v128, half: v128, sum: v128): v128 {
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
    c00 = dotAdd(b0, x, c00);
    c01 = dotAdd(b1, x, c01);
    x = v128.load32_splat(a1);
    c10 = dotAdd(b0, x, c10);
    c11 = dotAdd(b1, x, c11);
    x = v128.load32_splat(a2);
    c20 = dotAdd(b0, x, c20);
    c21 = dotAdd(b1, x, c21);
    x = v128.load32_splat(a3);
    c30 = dotAdd(b0, x, c30);
    c31 = dotAdd(b1, x, c31);
    x = v128.load32_splat(a4);
    c40 = dotAdd(b0, x, c40);
    c41 = dotAdd(b1, x, c41);
    x = v128.load32_splat(a5);
    c50 = dotAdd(b0, x, c50);
    c51 = dotAdd(b1, x, c51);
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
    c00 = dotAdd(b0, x, c00);
    c01 = dotAdd(b1, x, c01);
    x = v128.load32_splat(a1);
    c10 = dotAdd(b0, x, c10);
    c11 = dotAdd(b1, x, c11);
    x = v128.load32_splat(a2);
    c20 = dotAdd(b0, x, c20);
    c21 = dotAdd(b1, x, c21);
    x = v128.load32_splat(a3);
    c30 = dotAdd(b0, x, c30);
    c31 = dotAdd(b1, x, c31);
    x = v128.load32_splat(a4);
    c40 = dotAdd(b0, x, c40);
    c41 = dotAdd(b1, x, c41);
    x = v128.load32_splat(a5);
    c50 = dotAdd(b0, x, c50);
    c51 = dotAdd(b1, x, c51);
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
