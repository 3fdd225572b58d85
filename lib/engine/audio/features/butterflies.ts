/**
 * One pass of Stockham's algorithm over a whole signal of complex numbers (real and imaginary parts
 * in turn): `groups` transforms of `radix` points, each for `stride` series. It reads one array and
 * writes another, in the order of the next pass.
 */
export interface Pass {
  radix: 2 | 4 | 5;
  groups: number;
  stride: number;
  /** [groups, radix - 1] cosine and sine that points 1 to radix - 1 are turned by. */
  twiddles: Float64Array;
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

/** Sums and differences: see {@link Pass}. */
export function radix2(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  for (let group = 0; group < groups; group++) {
    const cos = twiddles[2 * group] ?? 0;
    const sin = twiddles[2 * group + 1] ?? 0;
    let read = 2 * stride * group;
    let write = 2 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re = re0 - re1;
      const im = im0 - im1;
      to[write] = re0 + re1;
      to[write + 1] = im0 + im1;
      to[write + 2 * stride] = re * cos - im * sin;
      to[write + 2 * stride + 1] = re * sin + im * cos;
    }
  }
}

/** Transforms of four points: see {@link Pass}. */
export function radix4(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  const out = 2 * stride;
  for (let group = 0; group < groups; group++) {
    const cos1 = twiddles[6 * group] ?? 0;
    const sin1 = twiddles[6 * group + 1] ?? 0;
    const cos2 = twiddles[6 * group + 2] ?? 0;
    const sin2 = twiddles[6 * group + 3] ?? 0;
    const cos3 = twiddles[6 * group + 4] ?? 0;
    const sin3 = twiddles[6 * group + 5] ?? 0;
    let read = out * group;
    let write = 4 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re2 = from[read + 2 * step] ?? 0;
      const im2 = from[read + 2 * step + 1] ?? 0;
      const re3 = from[read + 3 * step] ?? 0;
      const im3 = from[read + 3 * step + 1] ?? 0;
      const evenRe = re0 + re2;
      const evenIm = im0 + im2;
      const evenDownRe = re0 - re2;
      const evenDownIm = im0 - im2;
      const oddRe = re1 + re3;
      const oddIm = im1 + im3;
      // times -i
      const oddDownRe = im1 - im3;
      const oddDownIm = re3 - re1;
      to[write] = evenRe + oddRe;
      to[write + 1] = evenIm + oddIm;
      const a = evenDownRe + oddDownRe;
      const b = evenDownIm + oddDownIm;
      to[write + out] = a * cos1 - b * sin1;
      to[write + out + 1] = a * sin1 + b * cos1;
      const c = evenRe - oddRe;
      const d = evenIm - oddIm;
      to[write + 2 * out] = c * cos2 - d * sin2;
      to[write + 2 * out + 1] = c * sin2 + d * cos2;
      const e = evenDownRe - oddDownRe;
      const f = evenDownIm - oddDownIm;
      to[write + 3 * out] = e * cos3 - f * sin3;
      to[write + 3 * out + 1] = e * sin3 + f * cos3;
    }
  }
}

/** Transforms of five points: see {@link Pass}. */
export function radix5(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { groups, stride, twiddles } = pass;
  const step = 2 * stride * groups;
  const out = 2 * stride;
  for (let group = 0; group < groups; group++) {
    const turn = 8 * group;
    let read = out * group;
    let write = 5 * read;
    for (let series = 0; series < stride; series++, read += 2, write += 2) {
      const re0 = from[read] ?? 0;
      const im0 = from[read + 1] ?? 0;
      const re1 = from[read + step] ?? 0;
      const im1 = from[read + step + 1] ?? 0;
      const re2 = from[read + 2 * step] ?? 0;
      const im2 = from[read + 2 * step + 1] ?? 0;
      const re3 = from[read + 3 * step] ?? 0;
      const im3 = from[read + 3 * step + 1] ?? 0;
      const re4 = from[read + 4 * step] ?? 0;
      const im4 = from[read + 4 * step + 1] ?? 0;
      // outer (1, 4) and inner (2, 3) points come in conjugate pairs
      const outerRe = re1 + re4;
      const outerIm = im1 + im4;
      const innerRe = re2 + re3;
      const innerIm = im2 + im3;
      to[write] = re0 + outerRe + innerRe;
      to[write + 1] = im0 + outerIm + innerIm;
      const re14 = re0 + COS_72 * outerRe + COS_144 * innerRe;
      const im14 = im0 + COS_72 * outerIm + COS_144 * innerIm;
      const re23 = re0 + COS_144 * outerRe + COS_72 * innerRe;
      const im23 = im0 + COS_144 * outerIm + COS_72 * innerIm;
      const sinRe14 = SIN_72 * (im1 - im4) + SIN_144 * (im2 - im3);
      const sinIm14 = SIN_72 * (re4 - re1) + SIN_144 * (re3 - re2);
      const sinRe23 = SIN_144 * (im1 - im4) - SIN_72 * (im2 - im3);
      const sinIm23 = SIN_144 * (re4 - re1) - SIN_72 * (re3 - re2);
      put(to, write + out, re14 + sinRe14, im14 + sinIm14, twiddles, turn);
      put(to, write + 2 * out, re23 + sinRe23, im23 + sinIm23, twiddles, turn + 2);
      put(to, write + 3 * out, re23 - sinRe23, im23 - sinIm23, twiddles, turn + 4);
      put(to, write + 4 * out, re14 - sinRe14, im14 - sinIm14, twiddles, turn + 6);
    }
  }
}

/** Writes one complex number, turned. */
function put(
  to: Float64Array,
  at: number,
  re: number,
  im: number,
  twiddles: Float64Array,
  turn: number,
): void {
  const cos = twiddles[turn] ?? 0;
  const sin = twiddles[turn + 1] ?? 0;
  to[at] = re * cos - im * sin;
  to[at + 1] = re * sin + im * cos;
}
