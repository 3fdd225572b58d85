import { softmax } from './attention';
import { LOG2_E, largestOf, multiplyAdd, powerOfTwo4, sumOf } from './float';
import { finish, MatMul, PANEL_HEAD, SIGNED, widenSigned, widenUnsigned } from './matmul';
import { INTEGER_ROWS, storeScaled, TILE_COLUMNS, tileIntegers } from './tile';

/**
 * What a decoder does for a few tokens at a time: products of few rows, whose columns are divided among
 * threads, and attention of each token to a cache of its own.
 */

/** Columns of one unit of a product of few rows. */
export const UNIT_COLUMNS: i32 = 64;

/** Up to this many rows, weights are widened again for each: that is quicker than storing them widened. */
const SINGLE_ROWS: i32 = 2;

/** Positions whose keys are worked on together. */
const BLOCK: i32 = 16;
/** Bytes of one dimension of them. */
const BLOCK_BYTES: usize = 64;

/** c = finish(a x b + bias) of integers, all rows, some columns; `aScale` has a step for each row. */
export function matmulFew(op: MatMul, unit: i32, scratch: usize): void {
  const first = unit * UNIT_COLUMNS;
  const last = min(first + UNIT_COLUMNS, op.columns);
  const panelBytes = PANEL_HEAD + <usize>op.depth * 8;
  const wide = scratch;
  let panel = op.b + <usize>(first / TILE_COLUMNS) * panelBytes;
  for (let column = first; column < last; column += TILE_COLUMNS) {
    const scales = op.scales + ((<usize>column) << 2);
    if (op.rows > SINGLE_ROWS) {
      if (op.flags & SIGNED) widenSigned(panel, op.depth, wide);
      else widenUnsigned(panel, op.depth, wide);
    }
    let row = 0;
    while (row < op.rows) {
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const a = op.a + <usize>row * op.aStride;
      // there is room to compute rows beyond the last, but no need
      if (op.rows - row > SINGLE_ROWS) {
        tileIntegers(a, op.aStride, wide, op.depth, scales, c, op.cStride);
        row += INTEGER_ROWS;
      } else {
        if (op.flags & SIGNED) rowSigned(a, panel, op.depth, scales, c);
        else rowUnsigned(a, panel, op.depth, scales, c);
        row++;
      }
    }
    panel += panelBytes;
  }
  finishFew(op, first, last);
}

/** Multiplies by the scale of each row; then as `finish`. */
function finishFew(op: MatMul, first: i32, last: i32): void {
  for (let row = 0; row < op.rows; row++) {
    const step = f32x4.splat(load<f32>(op.aScale + ((<usize>row) << 2)));
    const c = op.c + <usize>row * op.cStride + ((<usize>first) << 2);
    const end = c + ((<usize>(last - first)) << 2);
    for (let at = c; at < end; at += 16) v128.store(at, f32x4.mul(step, v128.load(at)));
  }
  finish(op, 0, op.rows, first, last);
}

/** c = (a x panel) x scales: one row of 16-bit integers, and bytes that are widened as they are read. */
function rowSigned(a: usize, panel: usize, depth: i32, scales: usize, c: usize): void {
  const zero0 = v128.load(panel);
  const zero1 = v128.load(panel, 16);
  panel += PANEL_HEAD;
  let c0 = i32x4.splat(0);
  let c1 = c0;
  for (const end = a + (<usize>depth << 1); a < end; a += 4, panel += 16) {
    const x = v128.load32_splat(a);
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(x, i16x8.sub(v128.load8x8_s(panel), zero0)));
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(x, i16x8.sub(v128.load8x8_s(panel, 8), zero1)));
  }
  storeScaled(c, c0, c1, scales);
}

function rowUnsigned(a: usize, panel: usize, depth: i32, scales: usize, c: usize): void {
  const zero0 = v128.load(panel);
  const zero1 = v128.load(panel, 16);
  panel += PANEL_HEAD;
  let c0 = i32x4.splat(0);
  let c1 = c0;
  for (const end = a + (<usize>depth << 1); a < end; a += 4, panel += 16) {
    const x = v128.load32_splat(a);
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(x, i16x8.sub(v128.load8x8_u(panel), zero0)));
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(x, i16x8.sub(v128.load8x8_u(panel, 8), zero1)));
  }
  storeScaled(c, c0, c1, scales);
}

/** Where the cache of a row of tokens lies, and how many of them there are. */
@unmanaged
class Place {
  /** Which cache. */
  slot: i32;
  /** The token's own place among those of its cache. */
  position: i32;
}

/** How caches of one kind lie in memory. */
@unmanaged
class CacheShape {
  /** Bytes of one dimension of a head: room for as many positions, a multiple of `BLOCK`. */
  room: i32;
  /** Bytes from cache to cache, of keys and of values. */
  slotBytes: i32;
}

/** Fields of the operations `keep` and `look`. */
@unmanaged
export class Look {
  code: i32;
  units: i32;
  /** `look`: queries; `keep`: keys, and values `width` behind them. A row begins `stride` bytes after the last. */
  from: usize;
  stride: usize;
  /** `look`: [rows][heads][headSize] */
  to: usize;
  /** [slots][heads][positions / 16][headSize][16]: memory beyond the longest text is never touched. */
  keys: usize;
  /** [slots][heads][frames][headSize] */
  values: usize;
  places: usize;
  shape: usize;
  heads: i32;
  headSize: i32;
}

/** Puts the keys and values of a row's token into its cache. */
export function keep(op: Look, row: i32): void {
  const place = changetype<Place>(op.places + <usize>row * 8);
  const shape = changetype<CacheShape>(op.shape);
  const slot = <usize>place.slot * <usize>shape.slotBytes;
  const width = op.heads * op.headSize;
  const headBytes = <usize>(op.headSize * shape.room);
  const sizeBytes = <usize>op.headSize << 2;
  const block = place.position / BLOCK;
  const at = <usize>block * BLOCK * sizeBytes + ((<usize>(place.position % BLOCK)) << 2);
  let key = op.from + <usize>row * op.stride;
  let value = key + ((<usize>width) << 2);
  for (let head = 0; head < op.heads; head++) {
    let to = op.keys + slot + <usize>head * headBytes + at;
    for (let column = 0; column < op.headSize; column++, key += 4, to += BLOCK_BYTES)
      store<f32>(to, load<f32>(key));
    to = op.values + slot + <usize>head * headBytes + <usize>place.position * sizeBytes;
    memory.copy(to, value, sizeBytes);
    value += sizeBytes;
  }
}

/** Attention of one head of a row's token to its cache. */
export function look(op: Look, unit: i32, scratch: usize): void {
  const row = unit / op.heads;
  const head = unit % op.heads;
  const place = changetype<Place>(op.places + <usize>row * 8);
  const shape = changetype<CacheShape>(op.shape);
  // itself and those before
  const count = place.position + 1;
  const padded = (count + 15) & ~15;
  const sizeBytes = <usize>op.headSize << 2;
  const from =
    <usize>place.slot * <usize>shape.slotBytes +
    <usize>head * <usize>op.headSize * <usize>shape.room;
  const query = op.from + <usize>row * op.stride + <usize>head * sizeBytes;
  const keys = op.keys + from;
  for (let frame = 0; frame < padded; frame += 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let key = keys + <usize>frame * sizeBytes;
    for (let column: usize = 0; column < sizeBytes; column += 4, key += BLOCK_BYTES) {
      const q = v128.load32_splat(query + column);
      s0 = multiplyAdd(q, v128.load(key), s0);
      s1 = multiplyAdd(q, v128.load(key, 16), s1);
      s2 = multiplyAdd(q, v128.load(key, 32), s2);
      s3 = multiplyAdd(q, v128.load(key, 48), s3);
    }
    const to = scratch + (<usize>frame << 2);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
  // frames beyond the last have no share
  const whole = (count + 3) & ~3;
  for (let frame = count; frame < whole; frame++)
    store<f32>(scratch + (<usize>frame << 2), -f32.MAX_VALUE);
  const scale: f32 = <f32>1 / sqrt<f32>(<f32>op.headSize);
  const sum = f32x4.splat(1 / softmax(scratch, whole, whole, scale));
  const values = op.values + from;
  const to = op.to + <usize>row * ((<usize>op.heads * sizeBytes)) + <usize>head * sizeBytes;
  for (let column: usize = 0; column < sizeBytes; column += 128) {
    let o0 = f32x4.splat(0);
    let o1 = o0;
    let o2 = o0;
    let o3 = o0;
    let o4 = o0;
    let o5 = o0;
    let o6 = o0;
    let o7 = o0;
    let value = values + column;
    const end = scratch + (<usize>count << 2);
    for (let weight = scratch; weight < end; weight += 4, value += sizeBytes) {
      const share = v128.load32_splat(weight);
      o0 = multiplyAdd(share, v128.load(value), o0);
      o1 = multiplyAdd(share, v128.load(value, 16), o1);
      o2 = multiplyAdd(share, v128.load(value, 32), o2);
      o3 = multiplyAdd(share, v128.load(value, 48), o3);
      o4 = multiplyAdd(share, v128.load(value, 64), o4);
      o5 = multiplyAdd(share, v128.load(value, 80), o5);
      o6 = multiplyAdd(share, v128.load(value, 96), o6);
      o7 = multiplyAdd(share, v128.load(value, 112), o7);
    }
    const at = to + column;
    v128.store(at, f32x4.mul(o0, sum));
    v128.store(at, f32x4.mul(o1, sum), 16);
    v128.store(at, f32x4.mul(o2, sum), 32);
    v128.store(at, f32x4.mul(o3, sum), 48);
    v128.store(at, f32x4.mul(o4, sum), 64);
    v128.store(at, f32x4.mul(o5, sum), 80);
    v128.store(at, f32x4.mul(o6, sum), 96);
    v128.store(at, f32x4.mul(o7, sum), 112);
  }
}

/** Fields of the operation `choose`. */
@unmanaged
export class Choose {
  code: i32;
  units: i32;
  /** [rows][columns] */
  logits: usize;
  columns: i32;
  /** Added to logits: lines of `columns`, see `RuleTables.text`. */
  text: usize;
  /** Added to the logits of times. */
  times: usize;
  /** Where the number of the first time is. */
  firstTime: usize;
  /** [rows] of `Rule` */
  rules: usize;
  /** [rows] of `Found` */
  found: usize;
}

/** What a row may take. */
@unmanaged
class Rule {
  line: i32;
  fromTime: i32;
  toTime: i32;
}

/** The best text and the best time; masses are sums of exponentials relative to the better of the two. */
@unmanaged
class Found {
  text: i32;
  time: i32;
  bestText: f32;
  bestTime: f32;
  textMass: f32;
  timeMass: f32;
}

/** Finds the best text and the best time of a row, and how probable all are together. */
export function choose(op: Choose, row: i32): void {
  const rule = changetype<Rule>(op.rules + <usize>row * 12);
  const found = changetype<Found>(op.found + <usize>row * 24);
  const logits = op.logits + ((<usize>row * <usize>op.columns) << 2);
  const bytes = (<usize>op.columns) << 2;
  const offsets = op.text + <usize>rule.line * bytes;
  let most = f32x4.splat(-f32.MAX_VALUE);
  for (let at: usize = 0; at < bytes; at += 16)
    most = f32x4.pmax(most, f32x4.add(v128.load(logits + at), v128.load(offsets + at)));
  const bestText = largestOf(most);
  let bestTime: f32 = -f32.MAX_VALUE;
  found.time = 0;
  const times = logits + ((<usize>load<i32>(op.firstTime)) << 2);
  for (let time = rule.fromTime; time < rule.toTime; time++) {
    const at = (<usize>time) << 2;
    const value = load<f32>(times + at) + load<f32>(op.times + at);
    if (value <= bestTime) continue;
    bestTime = value;
    found.time = time;
  }
  const best = max(bestText, bestTime);
  const top = f32x4.splat(best);
  const factor = f32x4.splat(LOG2_E);
  const wanted = f32x4.splat(bestText);
  let mass = f32x4.splat(0);
  found.text = -1;
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = f32x4.add(v128.load(logits + at), v128.load(offsets + at));
    mass = f32x4.add(mass, powerOfTwo4(f32x4.mul(f32x4.sub(value, top), factor)));
    if (found.text < 0 && v128.any_true(f32x4.eq(value, wanted)))
      found.text = <i32>(at >> 2) + ctz(i32x4.bitmask(f32x4.eq(value, wanted)));
  }
  let timeMass: f32 = 0;
  for (let time = rule.fromTime; time < rule.toTime; time++) {
    const at = (<usize>time) << 2;
    const value = load<f32>(times + at) + load<f32>(op.times + at);
    const power = powerOfTwo4(f32x4.splat((value - best) * LOG2_E));
    timeMass += f32x4.extract_lane(power, 0);
  }
  found.bestText = bestText;
  found.bestTime = bestTime;
  found.textMass = sumOf(mass);
  found.timeMass = timeMass;
}
