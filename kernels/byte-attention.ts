import { QUERIES } from './attention';
import { HALF, PANEL_HEAD, tileDots6 } from './dot-tile';
import { LOG2_E, largestOf, largestOfRow, powerOfTwo4, ROUNDER, ROUNDER_BITS, sumOf } from './float';
import { TILE_COLUMNS } from './tile';

/**
 * Attention of all frames to all frames by the instruction that multiplies bytes, see `dot-tile.ts`. Keys and
 * values are bytes with a scale for each frame; queries, and the shares of the values, are two 7-bit halves
 * each.
 */

/** Rows of a tile. */
const TILE_ROWS: i32 = 6;
/** Frames whose values are added up together. */
export const FOUR: i32 = 4;
/** The largest byte. */
const MOST: f32 = 127;
/** The largest query and share: sums of 2,064 of their products with bytes are exact in 32 bits. */
export const MOST_STEPS: f32 = 8191;
/** The zero point of queries; shares are never negative. */
export const ZERO: i32 = 8192;

/** Fields of the operations `packBytes` and `attendBytes`. */
@unmanaged
export class ByteAttention {
  code: i32;
  units: i32;
  /** [frames][3][heads][headSize]: queries, keys and values side by side. */
  from: usize;
  /** [frames][heads][headSize] */
  to: usize;
  /** [heads][panels] of a head and [headSize / 4][8 frames][4]. */
  keys: usize;
  /** [heads][padded]: the scale of each frame's key. */
  keyScales: usize;
  /** [heads][headSize / 8], each with a header that is not read, and [padded / 4][8 columns][4]. */
  values: usize;
  /** [heads][padded] */
  valueScales: usize;
  /** A multiple of 4. */
  frames: i32;
  heads: i32;
  headSize: i32;
}

@inline
function panelsOf(frames: i32): i32 {
  return (frames + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

/**
 * Rounds scaled values, far smaller than `ROUNDER`, to integers: the engine's own way takes many
 * instructions.
 */
@inline
function toWhole(values: v128, factor: v128): v128 {
  const rounded = f32x4.add(f32x4.mul(values, factor), f32x4.splat(ROUNDER));
  return i32x4.sub(rounded, i32x4.splat(ROUNDER_BITS));
}

/** Makes bytes of the keys and values of 8 frames. */
export function packBytes(op: ByteAttention, unit: i32): void {
  const width = op.heads * op.headSize;
  const rowBytes = (<usize>(3 * width)) << 2;
  const panels = panelsOf(op.frames);
  const padded = panels * TILE_COLUMNS;
  const first = unit * TILE_COLUMNS;
  const count = min(TILE_COLUMNS, op.frames - first);
  const keyBytes = PANEL_HEAD + <usize>(op.headSize * TILE_COLUMNS);
  const valueBytes = PANEL_HEAD + <usize>(padded * TILE_COLUMNS);
  for (let head = 0; head < op.heads; head++) {
    const source = op.from + <usize>first * rowBytes + ((<usize>(width + head * op.headSize)) << 2);
    const panel = op.keys + <usize>(head * panels + unit) * keyBytes;
    const scales = (<usize>(head * padded + first)) << 2;
    for (let frame = 0; frame < count; frame++) {
      const own = (<usize>frame) << 2;
      packKey(source + <usize>frame * rowBytes, panel + own, op.keyScales + scales + own, op.headSize);
    }
    const values = op.values + <usize>(head * (op.headSize / TILE_COLUMNS)) * valueBytes;
    for (let frame = 0; frame < count; frame += FOUR) {
      const from = source + ((<usize>width) << 2) + <usize>frame * rowBytes;
      const to = values + PANEL_HEAD + <usize>((first + frame) * TILE_COLUMNS);
      packValues(from, rowBytes, to, valueBytes, op.valueScales + scales + ((<usize>frame) << 2), op.headSize);
    }
  }
}

/** Writes the key of one frame to its place in a panel, and the sum of its bytes in front. */
export function packKey(from: usize, to: usize, scale: usize, size: i32): void {
  const largest = max<f32>(largestOfRow(from, (<usize>size) << 2), 1e-30);
  const factor = f32x4.splat(MOST / largest);
  store<f32>(scale, largest / MOST);
  let sums = i32x4.splat(0);
  let byte = to + PANEL_HEAD;
  for (const end = from + ((<usize>size) << 2); from < end; from += 16, byte += 4 * TILE_COLUMNS) {
    const whole = toWhole(v128.load(from), factor);
    sums = i32x4.add(sums, whole);
    const short = i16x8.narrow_i32x4_s(whole, whole);
    v128.store32_lane(byte, i8x16.narrow_i16x8_s(short, short), 0);
  }
  store<i32>(
    to,
    i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3),
  );
}

/** The values of four frames, side by side in each column. */
export function packValues(
  from: usize,
  rowBytes: usize,
  to: usize,
  panelBytes: usize,
  scales: usize,
  size: i32,
): void {
  const bytes = (<usize>size) << 2;
  const from1 = from + rowBytes;
  const from2 = from1 + rowBytes;
  const from3 = from2 + rowBytes;
  const factor0 = f32x4.splat(stepOf(from, bytes, scales));
  const factor1 = f32x4.splat(stepOf(from1, bytes, scales + 4));
  const factor2 = f32x4.splat(stepOf(from2, bytes, scales + 8));
  const factor3 = f32x4.splat(stepOf(from3, bytes, scales + 12));
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = toWhole(v128.load(from + at), factor0);
    const b = toWhole(v128.load(from1 + at), factor1);
    const c = toWhole(v128.load(from2 + at), factor2);
    const d = toWhole(v128.load(from3 + at), factor3);
    const rows = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    const columns = v128.shuffle<i8>(rows, rows, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const column = at >> 2;
    const panel = to + (column / TILE_COLUMNS) * panelBytes;
    v128.store(panel + (column % TILE_COLUMNS) * FOUR, columns);
  }
}

/** Stores the scale of a row. @returns its inverse */
@inline
function stepOf(from: usize, bytes: usize, scale: usize): f32 {
  const largest = max<f32>(largestOfRow(from, bytes), 1e-30);
  store<f32>(scale, largest / MOST);
  return MOST / largest;
}

/** Attention of some queries of one head over all frames. */
export function attendBytes(op: ByteAttention, unit: i32, scratch: usize): void {
  const blocks = (op.frames + QUERIES - 1) / QUERIES;
  const head = unit / blocks;
  const first = (unit % blocks) * QUERIES;
  const last = min(first + QUERIES, op.frames);
  for (let row = first; row < last; row += TILE_ROWS) attendTile(op, head, row, scratch);
}

function attendTile(op: ByteAttention, head: i32, first: i32, scratch: usize): void {
  const width = op.heads * op.headSize;
  const size = <usize>op.headSize;
  const panels = panelsOf(op.frames);
  const padded = <usize>(panels * TILE_COLUMNS);
  const fromStride = (<usize>(3 * width)) << 2;
  const toStride = (<usize>width) << 2;
  const scoreStride = padded << 2;
  // ones, steps of the rows, halves of queries, scores, halves of shares
  const ones = scratch;
  const queries = ones + 64;
  const scores = queries + 2 * <usize>TILE_ROWS * size;
  const shares = scores + <usize>TILE_ROWS * scoreStride;
  const queryHalf = <usize>TILE_ROWS * size;
  const shareHalf = <usize>TILE_ROWS * padded;
  const steps = ones + 32;
  const headAt = (<usize>(head * op.headSize)) << 2;

  let from = op.from + <usize>first * fromStride + headAt;
  for (let row: usize = 0; row < <usize>TILE_ROWS; row++, from += fromStride) {
    const step = max<f32>(largestOfRow(from, size << 2), 1e-30) / MOST_STEPS;
    store<f32>(steps + (row << 2), step);
    toHalves(from, size, queries + row * size, queryHalf, 1 / step, ZERO);
  }
  const keyBytes = PANEL_HEAD + size * TILE_COLUMNS;
  let panel = op.keys + <usize>(head * panels) * keyBytes;
  let scales = op.keyScales + <usize>head * scoreStride;
  for (let at: usize = 0; at < scoreStride; at += 32, panel += keyBytes, scales += 32)
    tileDots6(queries, size, queryHalf, panel, op.headSize, ZERO, scales, scores + at, scoreStride);

  const valueScales = op.valueScales + <usize>head * scoreStride;
  const root: f32 = sqrt<f32>(<f32>op.headSize);
  for (let row: usize = 0; row < <usize>TILE_ROWS; row++) {
    const own = scores + row * scoreStride;
    const factor = load<f32>(steps + (row << 2)) / root;
    const step = toShares(own, op.frames, factor, valueScales, steps + (row << 2));
    memory.fill(own + ((<usize>op.frames) << 2), 0, (padded - <usize>op.frames) << 2);
    toHalves(own, padded, shares + row * padded, shareHalf, 1 / step, 0);
  }
  v128.store(ones, f32x4.splat(1));
  v128.store(ones, f32x4.splat(1), 16);
  const valueBytes = PANEL_HEAD + padded * TILE_COLUMNS;
  panel = op.values + <usize>head * (size / TILE_COLUMNS) * valueBytes;
  const out = op.to + <usize>first * toStride + headAt;
  for (let at: usize = 0; at < size << 2; at += 32, panel += valueBytes)
    tileDots6(shares, padded, shareHalf, panel, <i32>padded, 0, ones, out + at, toStride);
  for (let row: usize = 0; row < <usize>TILE_ROWS; row++) {
    const share = f32x4.splat(load<f32>(steps + (row << 2)));
    const to = out + row * toStride;
    for (let at: usize = 0; at < size << 2; at += 16)
      v128.store(to + at, f32x4.mul(v128.load(to + at), share));
  }
}

/**
 * Makes the factors of each frame's value: powers of e of scaled scores, times the scale of the value.
 * @param to gets the scale of the result: that of the factors over the sum of the powers
 * @returns the scale of the factors
 */
function toShares(row: usize, frames: i32, scale: f32, valueScales: usize, to: usize): f32 {
  const end = row + ((<usize>frames) << 2);
  let most = v128.load(row);
  for (let at = row; at < end; at += 16) most = f32x4.pmax(most, v128.load(at));
  const top = f32x4.splat(largestOf(most));
  const factor = f32x4.splat(scale * LOG2_E);
  let sums = f32x4.splat(0);
  let largest = f32x4.splat(1e-30);
  for (let at = row; at < end; at += 16, valueScales += 16) {
    const power = powerOfTwo4(f32x4.mul(f32x4.sub(v128.load(at), top), factor));
    sums = f32x4.add(sums, power);
    const share = f32x4.mul(power, v128.load(valueScales));
    largest = f32x4.pmax(largest, share);
    v128.store(at, share);
  }
  const step = largestOf(largest) / MOST_STEPS;
  store<f32>(to, step / sumOf(sums));
  return step;
}

/** Quantises some floats, a multiple of 4; the lower halves lie `half` bytes behind the upper ones. */
export function toHalves(from: usize, count: usize, to: usize, half: usize, factor: f32, zero: i32): void {
  const factors = f32x4.splat(factor);
  const zeros = i32x4.splat(zero);
  const lower = i16x8.splat(127);
  for (const end = from + (count << 2); from < end; from += 16, to += 4) {
    const whole = i32x4.add(toWhole(v128.load(from), factors), zeros);
    const short = i16x8.narrow_i32x4_s(whole, whole);
    const high = i16x8.shr_u(short, HALF);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(high, high), 0);
    const rest = v128.and(short, lower);
    v128.store32_lane(to + half, i8x16.narrow_i16x8_u(rest, rest), 0);
  }
}
