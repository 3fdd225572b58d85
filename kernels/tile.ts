import { multiplyAdd } from './float';

/**
 * Products of some rows with a panel of 8 columns: as many as fit into 16 registers, those that engines
 * keep for themselves left out. All that is summed at once has to hide how long one sum takes.
 */

/** Rows of a tile of floats. */
export const FLOAT_ROWS: i32 = 6;
/** Rows of a tile of integers: a product needs a register more before it is added. */
export const INTEGER_ROWS: i32 = 4;
/** Columns of a tile, and of a panel. */
export const TILE_COLUMNS: i32 = 8;

@inline
function dotAdd(a: v128, b: v128, sum: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(a, b), sum);
}

/**
 * c = a x panel, all 32-bit floats.
 * @param a 6 rows of `depth` values, `aStride` bytes apart
 * @param panel [depth][8]
 * @param c 6 rows of 8 values, `cStride` bytes apart
 * @param more whether to add to what is in `c`
 */
export function tileFloats(
  a: usize,
  aStride: usize,
  panel: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  more: bool,
): void {
  let c00 = f32x4.splat(0);
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
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  let a4 = a3 + aStride;
  let a5 = a4 + aStride;
  const end = a0 + (<usize>depth << 2);
  while (a0 < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = multiplyAdd(x, b0, c10);
    c11 = multiplyAdd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = multiplyAdd(x, b0, c20);
    c21 = multiplyAdd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = multiplyAdd(x, b0, c30);
    c31 = multiplyAdd(x, b1, c31);
    x = v128.load32_splat(a4);
    c40 = multiplyAdd(x, b0, c40);
    c41 = multiplyAdd(x, b1, c41);
    x = v128.load32_splat(a5);
    c50 = multiplyAdd(x, b0, c50);
    c51 = multiplyAdd(x, b1, c51);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
    panel += 32;
  }
  if (more) {
    addTo(c, c00, c01);
    c += cStride;
    addTo(c, c10, c11);
    c += cStride;
    addTo(c, c20, c21);
    c += cStride;
    addTo(c, c30, c31);
    c += cStride;
    addTo(c, c40, c41);
    c += cStride;
    addTo(c, c50, c51);
    return;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cStride;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cStride;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cStride;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += cStride;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += cStride;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

@inline
function addTo(c: usize, low: v128, high: v128): void {
  v128.store(c, f32x4.add(v128.load(c), low));
  v128.store(c, f32x4.add(v128.load(c, 16), high), 16);
}

@inline
export function storeScaled(c: usize, low: v128, high: v128, scales: usize): void {
  v128.store(c, f32x4.mul(f32x4.convert_i32x4_s(low), v128.load(scales)));
  v128.store(c, f32x4.mul(f32x4.convert_i32x4_s(high), v128.load(scales, 16)), 16);
}

/**
 * c = (a x panel) x scales: 16-bit integers, summed exactly.
 * @param a 4 rows of `depth` values, `aStride` bytes apart
 * @param panel [depth / 2][8][2]
 * @param scales [8] floats, one for each column
 * @param c 4 rows of 8 floats, `cStride` bytes apart
 */
export function tileIntegers(
  a: usize,
  aStride: usize,
  panel: usize,
  depth: i32,
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
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  const end = a0 + (<usize>depth << 1);
  while (a0 < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    c00 = dotAdd(x, b0, c00);
    c01 = dotAdd(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = dotAdd(x, b0, c10);
    c11 = dotAdd(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = dotAdd(x, b0, c20);
    c21 = dotAdd(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = dotAdd(x, b0, c30);
    c31 = dotAdd(x, b1, c31);
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    panel += 32;
  }
  storeScaled(c, c00, c01, scales);
  c += cStride;
  storeScaled(c, c10, c11, scales);
  c += cStride;
  storeScaled(c, c20, c21, scales);
  c += cStride;
  storeScaled(c, c30, c31, scales);
}
