/** Input samples on each side that one output sample is made of. */
export const STRETCH_REACH = 12;

/** Places between two samples for which weights are kept; between those they are interpolated. */
const PHASES = 256;

/** Of the Kaiser window: images below -80 dB. */
const KAISER_BETA = 8;

let kernel: Float32Array | null = null;

/**
 * Makes a span of audio a little longer or shorter by band-limited interpolation; the pitch moves
 * with it. At equal lengths, and at the first sample of any, samples come out as they went in.
 * @param input the span with `STRETCH_REACH` samples around it on both sides
 * @param length samples of the result
 */
export function stretch(input: Float32Array, length: number): Float32Array<ArrayBuffer> {
  kernel ??= makeKernel();
  const step = (input.length - 2 * STRETCH_REACH) / length;
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const place = i * step;
    const whole = Math.floor(place);
    const phase = (place - whole) * PHASES;
    const row = Math.floor(phase);
    const share = phase - row;
    let sum = 0;
    // taps run from `reach - 1` samples before the position to `reach` samples after it
    for (let tap = 0; tap < 2 * STRETCH_REACH; tap++) {
      const at = row * 2 * STRETCH_REACH + tap;
      const weight = kernel[at] ?? 0;
      const next = kernel[at + 2 * STRETCH_REACH] ?? 0;
      sum += (input[whole + 1 + tap] ?? 0) * (weight + (next - weight) * share);
    }
    out[i] = sum;
  }
  return out;
}

/** Rows of weights, one for each phase from 0 to 1, both included. */
function makeKernel(): Float32Array {
  const taps = 2 * STRETCH_REACH;
  const rows = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase++) {
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (STRETCH_REACH - 1) - phase / PHASES;
      rows[phase * taps + tap] = sinc(distance) * kaiser(distance / STRETCH_REACH);
    }
  }
  return rows;
}

function sinc(x: number): number {
  return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
