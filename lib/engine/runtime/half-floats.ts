/**
 * Numbers as 32-bit floats. Those of 16 bits (IEEE 754 binary16) come as integers where the browser has no
 * array for them, and are floats already where it has.
 */
export function toFloats(data: ArrayLike<number>): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof Uint16Array
    ? Float32Array.from(data, halfToFloat)
    : Float32Array.from(data);
}

/** @param half the bits of a 16-bit float */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of 16-bit floats, rounded to the nearest; what is too large becomes infinite. */
export function toHalfBits(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, floatBitsToHalf);
}

/** @param bits of a 32-bit float */
function floatBitsToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const scaled = exponent - 127 + 15;
  if (scaled >= 31) return sign | 0x7c00;
  if (scaled <= -11) return sign;
  // the implicit leading bit is added for subnormals; a carry into the exponent is correct as it is
  const whole = scaled > 0 ? (scaled << 23) | fraction : fraction | 0x800000;
  const shift = scaled > 0 ? 13 : 14 - scaled;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}
