/** Functions of four floats at a time. */

/** a x b + sum: rounded once or twice, so that browsers differ in the last bit. */
@inline
export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(a, b, sum) : f32x4.add(f32x4.mul(a, b), sum);
}

export const LOG2_E: f32 = 1.4426950408889634;

/** 1.5 x 2^23: a small number that it is added to is rounded to a whole one, in the lowest bits. */
export const ROUNDER: f32 = 12_582_912;
/** The same as an integer. */
export const ROUNDER_BITS: i32 = 0x4b40_0000;
/** The least power of two that a 32-bit float has all its bits for. */
const LEAST_POWER: f32 = -126;

/**
 * 2^x for x <= 0: a series for what is left of x behind its whole part, which goes into the exponent.
 * Fitted to the least relative error: below 1e-7 beside what floats round. 2^0 is 1.
 */
@inline
export function powerOfTwo4(value: v128): v128 {
  const x = f32x4.pmax(value, f32x4.splat(LEAST_POWER));
  const rounder = f32x4.splat(ROUNDER);
  const rounded = f32x4.add(x, rounder);
  const rest = f32x4.sub(x, f32x4.sub(rounded, rounder));
  let sum = multiplyAdd(f32x4.splat(0.00132647273), rest, f32x4.splat(0.00967151282));
  sum = multiplyAdd(sum, rest, f32x4.splat(0.0555073374));
  sum = multiplyAdd(sum, rest, f32x4.splat(0.240222421));
  sum = multiplyAdd(sum, rest, f32x4.splat(0.693146978));
  sum = multiplyAdd(sum, rest, f32x4.splat(1));
  return i32x4.add(sum, i32x4.shl(rounded, 23));
}

/** From here on the error function is as good as 1. */
const GELU_END: f32 = 5.4;

/**
 * GELU, x / 2 (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016). The error function is x times a
 * fraction of polynomials of x^2, fitted to the least error: below 1.1e-8 beside what floats round.
 */
@inline
export function gelu4(x: v128): v128 {
  const near = f32x4.pmax(f32x4.pmin(x, f32x4.splat(GELU_END)), f32x4.splat(-GELU_END));
  const square = f32x4.mul(near, near);
  let above = multiplyAdd(f32x4.splat(4.67734333e-8), square, f32x4.splat(1.27200505e-5));
  above = multiplyAdd(above, square, f32x4.splat(3.28644326e-4));
  above = multiplyAdd(above, square, f32x4.splat(0.00930170808));
  above = multiplyAdd(above, square, f32x4.splat(0.0667445444));
  above = multiplyAdd(above, square, f32x4.splat(0.797884491));
  let below = multiplyAdd(f32x4.splat(1.21659085e-6), square, f32x4.splat(7.24003459e-5));
  below = multiplyAdd(below, square, f32x4.splat(0.00185898413));
  below = multiplyAdd(below, square, f32x4.splat(0.0283787129));
  below = multiplyAdd(below, square, f32x4.splat(0.25031797));
  below = multiplyAdd(below, square, f32x4.splat(1));
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return multiplyAdd(half, f32x4.div(f32x4.mul(near, above), below), half);
}

@inline
export function sumOf(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

@inline
export function largestOf(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** The largest absolute value of some floats, a multiple of 4. */
@inline
export function largestOfRow(from: usize, bytes: usize): f32 {
  let largest = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16)
    largest = f32x4.pmax(largest, f32x4.abs(v128.load(from + at)));
  return largestOf(largest);
}

@inline
export function smallestOf(x: v128): f32 {
  return -largestOf(f32x4.neg(x));
}
