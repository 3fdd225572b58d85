import { dotAdd, onesOf, PANEL_HEAD } from './dot-tile';

/** Products of some rows of bytes with a panel of 8 columns, see `bytes.ts`. */

/** Of a row: the zero point, the sum of its bytes less the zero point, and the scale. */
export const ROW_HEAD: usize = 12;

/**
 * Products in pairs: weights that are too large side by side have a part of them behind the panel, in so many bytes
 * for each step of the depth: its place in a row, and weights. In front of these is how many there are.
 */
const REST_BYTES: usize = 36;

/** Stores the sums of a row, corrected for the zero points of row and weights, times the scales. */
@inline
function storeBytes(c: usize, low: v128, high: v128, panel: usize, head: usize, scales: usize): void {
  const zero = v128.load32_splat(head);
  const sum = v128.load32_splat(head, 4);
  const step = v128.load32_splat(head, 8);
  const lows = i32x4.sub(low, i32x4.mul(zero, v128.load(panel)));
  const highs = i32x4.sub(high, i32x4.mul(zero, v128.load(panel, 16)));
  const whole = i32x4.sub(lows, i32x4.mul(sum, v128.load(panel, 32)));
  const wholes = i32x4.sub(highs, i32x4.mul(sum, v128.load(panel, 48)));
  v128.store(c, f32x4.mul(f32x4.convert_i32x4_s(whole), f32x4.mul(step, v128.load(scales))));
  v128.store(c, f32x4.mul(f32x4.convert_i32x4_s(wholes), f32x4.mul(step, v128.load(scales, 16))), 16);
}

/**
 * c = (a x panel) x scales, 6 rows and 8 columns.
 * @param panel [8] sums, [8] zeros, then [depth / 4][8][4]; not one for products in pairs
 * @param heads of the rows, as `quantiseBytes` leaves them
 */
export function tileBytes6(
  a: usize,
  aStride: usize,
  panel: usize,
  depth: i32,
  heads: usize,
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
  const end = a0 + <usize>depth;
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
  storeBytes(c, c00, c01, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c10, c11, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c20, c21, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c30, c31, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c40, c41, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c50, c51, panel, heads, scales);
}

/** 4 rows of the same. */
export function tileBytes4(
  a: usize,
  aStride: usize,
  panel: usize,
  depth: i32,
  heads: usize,
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
  const ones = onesOf(depth);
  let b = panel + PANEL_HEAD;
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  const end = a0 + <usize>depth;
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
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    b += 32;
  }
  if (PAIRS) {
    const behind = b + 4 + <usize>load<i32>(b) * REST_BYTES;
    for (b += 4; b < behind; b += REST_BYTES) {
      a0 = a + <usize>load<i32>(b);
      const b0 = v128.load(b, 4);
      const b1 = v128.load(b, 20);
      let x = v128.load32_splat(a0);
      c00 = dotAdd(b0, x, c00, ones);
      c01 = dotAdd(b1, x, c01, ones);
      x = v128.load32_splat(a0 + aStride);
      c10 = dotAdd(b0, x, c10, ones);
      c11 = dotAdd(b1, x, c11, ones);
      x = v128.load32_splat(a0 + 2 * aStride);
      c20 = dotAdd(b0, x, c20, ones);
      c21 = dotAdd(b1, x, c21, ones);
      x = v128.load32_splat(a0 + 3 * aStride);
      c30 = dotAdd(b0, x, c30, ones);
      c31 = dotAdd(b1, x, c31, ones);
    }
  }
  storeBytes(c, c00, c01, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c10, c11, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c20, c21, panel, heads, scales);
  c += cStride;
  heads += ROW_HEAD;
  storeBytes(c, c30, c31, panel, heads, scales);
}

/** 1 row of the same. */
export function tileBytes1(
  a: usize,
  aStride: usize,
  panel: usize,
  depth: i32,
  heads: usize,
  scales: usize,
  c: usize,
  cStride: usize,
): void {
  let c00 = i32x4.splat(0);
  let c01 = c00;
  const ones = onesOf(depth);
  let b = panel + PANEL_HEAD;
  let a0 = a;
  const end = a0 + <usize>depth;
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x = v128.load32_splat(a0);
    c00 = dotAdd(b0, x, c00, ones);
    c01 = dotAdd(b1, x, c01, ones);
    a0 += 4;
    b += 32;
  }
  if (PAIRS) {
    const behind = b + 4 + <usize>load<i32>(b) * REST_BYTES;
    for (b += 4; b < behind; b += REST_BYTES) {
      const x = v128.load32_splat(a + <usize>load<i32>(b));
      c00 = dotAdd(v128.load(b, 4), x, c00, ones);
      c01 = dotAdd(v128.load(b, 20), x, c01, ones);
    }
  }
  storeBytes(c, c00, c01, panel, heads, scales);
}
