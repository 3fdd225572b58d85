/** Stands for the logarithm of zero; finite, so that sums with it stay numbers. */
export const LOG_ZERO = -1e30;

/** Beyond this difference the smaller of two probabilities adds less than 1e-10 of the larger. */
const RANGE = 24;

/** Points of the table for each unit of difference. */
const STEPS = 128;

/**
 * log(1 + exp(-x)) at every 1/128. In single precision: `exp` and `log1p` may differ in their last
 * bits from engine to engine, and rounding takes that away. So a search gives the same bits in
 * every browser, and in the Python reference.
 */
const SOFT_PLUS = Float32Array.from({ length: RANGE * STEPS + 2 }, (_, at) =>
  Math.log1p(Math.exp(-at / STEPS)),
);

/** log(exp(a) + exp(b)) to 2e-6, by linear interpolation. */
export function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  const distance = (larger - Math.min(a, b)) * STEPS;
  if (distance >= RANGE * STEPS) return larger;
  const at = distance | 0;
  const from = SOFT_PLUS[at] ?? 0;
  return larger + (from + (distance - at) * ((SOFT_PLUS[at + 1] ?? 0) - from));
}
