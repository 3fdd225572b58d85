import { LOG2_E, largestOf, powerOfTwo4, sumOf } from './float';
import { FLOAT_ROWS, TILE_COLUMNS, tileFloats } from './tile';

/** Queries that are processed together: their scores stay in the cache. */
export const QUERIES: i32 = 48;

/** Frames whose values are added up at a time: a panel of them stays in the first cache. */
const DEPTH: i32 = 376;

/** Fields of the operations `pack` and `attend`. */
@unmanaged
export class Attention {
  code: i32;
  units: i32;
  /** [frames][3][heads][headSize]: queries, keys and values side by side. */
  from: usize;
  /** [frames][heads][headSize] */
  to: usize;
  /** [heads][panels][headSize][8]: keys in panels of 8. */
  keys: usize;
  /** [heads][headSize / 8][8 panels][8]: values in panels of 8 columns. */
  values: usize;
  frames: i32;
  heads: i32;
  headSize: i32;
}

@inline
function panelsOf(frames: i32): i32 {
  return (frames + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

/** Puts the keys and values of 8 frames into panels, zeros where there is no frame. */
export function pack(op: Attention, unit: i32): void {
  const width = op.heads * op.headSize;
  const rowBytes = <usize>(3 * width) << 2;
  const panels = panelsOf(op.frames);
  const first = unit * TILE_COLUMNS;
  const count = min(TILE_COLUMNS, op.frames - first);
  for (let head = 0; head < op.heads; head++) {
    const source = op.from + <usize>first * rowBytes + (<usize>(width + head * op.headSize) << 2);
    let key = op.keys + (<usize>((head * panels + unit) * op.headSize * TILE_COLUMNS) << 2);
    for (let column = 0; column < op.headSize; column++, key += 32) {
      let from = source + ((<usize>column) << 2);
      for (let frame = 0; frame < TILE_COLUMNS; frame++, from += rowBytes)
        store<f32>(key + ((<usize>frame) << 2), frame < count ? load<f32>(from) : 0);
    }
    const value = source + (<usize>width << 2);
    for (let column = 0; column < op.headSize; column += TILE_COLUMNS) {
      const panel = (head * op.headSize + column) / TILE_COLUMNS;
      let to = op.values + (<usize>((panel * panels + unit) * TILE_COLUMNS * TILE_COLUMNS) << 2);
      let from = value + ((<usize>column) << 2);
      for (let frame = 0; frame < TILE_COLUMNS; frame++, from += rowBytes, to += 32) {
        const isThere = frame < count;
        v128.store(to, isThere ? v128.load(from) : f32x4.splat(0));
        v128.store(to, isThere ? v128.load(from, 16) : f32x4.splat(0), 16);
      }
    }
  }
}

/**
 * Attention of some queries of one head over all frames (Vaswani et al. 2017), scores never leaving
 * the cache.
 */
export function attend(op: Attention, unit: i32, scratch: usize): void {
  const width = op.heads * op.headSize;
  const fromStride = <usize>(3 * width) << 2;
  const toStride = <usize>width << 2;
  const blocks = (op.frames + QUERIES - 1) / QUERIES;
  const head = unit / blocks;
  const first = (unit % blocks) * QUERIES;
  const count = min(QUERIES, op.frames - first);
  const panels = panelsOf(op.frames);
  const padded = panels * TILE_COLUMNS;
  const scoreStride = <usize>padded << 2;
  const sums = scratch;
  const scores = scratch + ((<usize>QUERIES) << 2);
  const headAt = <usize>(head * op.headSize) << 2;
  const queries = op.from + <usize>first * fromStride + headAt;
  const out = op.to + <usize>first * toStride + headAt;

  let panel = op.keys + (<usize>(head * panels * op.headSize * TILE_COLUMNS) << 2);
  for (let column = 0; column < padded; column += TILE_COLUMNS) {
    for (let row = 0; row < count; row += FLOAT_ROWS) {
      const a = queries + <usize>row * fromStride;
      const c = scores + <usize>row * scoreStride + ((<usize>column) << 2);
      tileFloats(a, fromStride, panel, op.headSize, c, scoreStride, false);
    }
    panel += <usize>op.headSize * 32;
  }
  const scale: f32 = <f32>1 / sqrt<f32>(<f32>op.headSize);
  for (let row = 0; row < count; row++) {
    const sum = softmax(scores + <usize>row * scoreStride, op.frames, padded, scale);
    store<f32>(sums + ((<usize>row) << 2), sum);
  }
  const values = op.values + (<usize>(head * op.headSize * padded) << 2);
  for (let frame = 0; frame < padded; frame += DEPTH) {
    const depth = min(DEPTH, padded - frame);
    panel = values + <usize>frame * 32;
    for (let column = 0; column < op.headSize; column += TILE_COLUMNS) {
      for (let row = 0; row < count; row += FLOAT_ROWS) {
        const a = scores + <usize>row * scoreStride + ((<usize>frame) << 2);
        const c = out + <usize>row * toStride + ((<usize>column) << 2);
        tileFloats(a, scoreStride, panel, depth, c, toStride, frame > 0);
      }
      panel += <usize>padded * 32;
    }
  }
  for (let row = 0; row < count; row++) {
    const size = f32x4.splat(1 / load<f32>(sums + ((<usize>row) << 2)));
    const to = out + <usize>row * toStride;
    for (let at: usize = 0; at < (<usize>op.headSize) << 2; at += 16)
      v128.store(to + at, f32x4.mul(v128.load(to + at), size));
  }
}

/** Powers of e of scaled scores, the largest 1, and 0 behind them. @returns their sum */
export function softmax(row: usize, count: i32, padded: i32, scale: f32): f32 {
  const end = row + (<usize>count << 2);
  let largest = v128.load(row);
  for (let at = row; at < end; at += 16) largest = f32x4.pmax(largest, v128.load(at));
  const top = f32x4.splat(largestOf(largest));
  const factor = f32x4.splat(scale * LOG2_E);
  let sums = f32x4.splat(0);
  for (let at = row; at < end; at += 16) {
    const power = powerOfTwo4(f32x4.mul(f32x4.sub(v128.load(at), top), factor));
    v128.store(at, power);
    sums = f32x4.add(sums, power);
  }
  memory.fill(end, 0, <usize>(padded - count) << 2);
  return sumOf(sums);
}
