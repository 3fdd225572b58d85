import { softmax } from './attention';
import { largestOf } from './float';

/**
 * Attention of a token to the encoder's frames. Every token of every row reads the keys and values of all of
 * them, so that memory is the bottleneck: they are kept in bytes, with a step of its own for each frame.
 */

/** Frames of a block of keys: they are worked on together. */
const BLOCK: i32 = 16;
/** The largest byte. */
const MOST: f32 = 127;
/** Of queries: sums of 2,048 products with bytes are exact in 32 bits. */
const MOST_QUERY: f32 = 8191;
/** Of shares of values. */
const MOST_SHARE: f32 = 32767;
/** Pairs of frames whose products are summed in 32 bits without overflow. */
const PAIRS: i32 = 256;

/** Where the frames of a slot lie, among those of all. */
@unmanaged
class FrameSpan {
  /** Frames in front of them: a multiple of `BLOCK`. */
  first: i32;
  /** Even. */
  frames: i32;
}

/** The span of a slot; -1: of the one that frames are put into now, which is stored before the others. */
@inline
function spanOf(spans: usize, slot: i32): FrameSpan {
  return changetype<FrameSpan>(spans + <usize>(slot + 1) * offsetof<FrameSpan>());
}

/** Frames that there is room for in a slot. */
@inline
function roomOf(span: FrameSpan): i32 {
  return (span.frames + BLOCK - 1) & ~(BLOCK - 1);
}

/** Frames of all heads that are stored before those of a head. */
@inline
function placeOf(span: FrameSpan, heads: i32, head: i32): i32 {
  return span.first * heads + head * roomOf(span);
}

/** Fields of the operations `keepKeys` and `keepValues`: a head is a unit. */
@unmanaged
export class KeepFrames {
  code: i32;
  units: i32;
  /** [frames][heads][headSize]; a frame begins `stride` bytes after the last. */
  from: usize;
  stride: usize;
  /** Bytes. Keys: [slots][heads][room / 16][headSize / 2][16][2]; values: [slots][heads][room / 2][headSize][2]. */
  to: usize;
  /** [slots][heads][room] */
  scales: usize;
  spans: usize;
  heads: i32;
  headSize: i32;
}

/** For four largest values, the factors that scale them to the largest byte. */
@inline
function inverse(largest: v128): v128 {
  return f32x4.div(f32x4.splat(MOST), f32x4.pmax(largest, f32x4.splat(1e-30)));
}

/** Puts four values and the four that are read with them into bytes, one beside the other. */
@inline
function storePairs(to: usize, first: v128, second: v128): void {
  const a = i32x4.trunc_sat_f32x4_s(f32x4.nearest(first));
  const b = i32x4.trunc_sat_f32x4_s(f32x4.nearest(second));
  const low = i16x8.narrow_i32x4_s(a, b);
  const mixed = v128.shuffle<i16>(low, low, 0, 4, 1, 5, 2, 6, 3, 7);
  v128.store64_lane(to, i8x16.narrow_i16x8_s(mixed, mixed), 0);
}

/** Keys to bytes. */
export function keepKeys(op: KeepFrames, head: i32): void {
  const span = spanOf(op.spans, -1);
  const place = placeOf(span, op.heads, head);
  const bytes = (<usize>op.headSize) << 2;
  let from = op.from + <usize>head * bytes;
  const to = op.to + <usize>(place * op.headSize);
  const scales = op.scales + ((<usize>place) << 2);
  for (let frame = 0; frame < span.frames; frame++, from += op.stride) {
    const largest = largestOfRow(from, bytes);
    store<f32>(scales + ((<usize>frame) << 2), largest * (1 / MOST));
    const factor = inverse(f32x4.splat(largest));
    let target = to + <usize>((frame / BLOCK) * BLOCK * op.headSize + (frame % BLOCK) * 2);
    for (let at: usize = 0; at < bytes; at += 16, target += 4 * BLOCK) {
      const whole = i32x4.trunc_sat_f32x4_s(
        f32x4.nearest(f32x4.mul(v128.load(from + at), factor)),
      );
      const short = i16x8.narrow_i32x4_s(whole, whole);
      const pairs = i8x16.narrow_i16x8_s(short, short);
      v128.store16_lane(target, pairs, 0);
      v128.store16_lane(target + 2 * BLOCK, pairs, 1);
    }
  }
}

/** Values to bytes. */
export function keepValues(op: KeepFrames, head: i32): void {
  const span = spanOf(op.spans, -1);
  const place = placeOf(span, op.heads, head);
  const bytes = (<usize>op.headSize) << 2;
  let from = op.from + <usize>head * bytes;
  let to = op.to + <usize>(place * op.headSize);
  const scales = op.scales + ((<usize>place) << 2);
  for (let frame = 0; frame < span.frames; frame += 2, from += 2 * op.stride) {
    const next = from + op.stride;
    const first = largestOfRow(from, bytes);
    const second = largestOfRow(next, bytes);
    const scale = scales + ((<usize>frame) << 2);
    store<f32>(scale, first / MOST);
    store<f32>(scale, second / MOST, 4);
    const firstFactor = inverse(f32x4.splat(first));
    const secondFactor = inverse(f32x4.splat(second));
    for (let at: usize = 0; at < bytes; at += 16, to += 8) {
      const values = f32x4.mul(v128.load(from + at), firstFactor);
      storePairs(to, values, f32x4.mul(v128.load(next + at), secondFactor));
    }
  }
}

/** The largest absolute value of some floats, a multiple of 4. */
@inline
export function largestOfRow(from: usize, bytes: usize): f32 {
  let largest = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16)
    largest = f32x4.pmax(largest, f32x4.abs(v128.load(from + at)));
  return largestOf(largest);
}

/**
 * Where to record how a layer's heads share their attention: this head, then an address, or 0, for each head.
 */
@unmanaged
class Shown {
  /** Bytes from the shares of one row to those of the next. */
  stride: i32;
}

/** Fields of the operation `lookAtFrames`. */
@unmanaged
export class LookAtFrames {
  code: i32;
  units: i32;
  /** Queries; a row begins `stride` bytes after the last. */
  from: usize;
  stride: usize;
  /** [rows][heads][headSize] */
  to: usize;
  /** As `keepKeys` and `keepValues` leave them. */
  keys: usize;
  keyScales: usize;
  values: usize;
  valueScales: usize;
  /** By row: its slot, and what is not needed here. */
  places: usize;
  spans: usize;
  shown: usize;
  heads: i32;
  headSize: i32;
}

/** Attention of one head of a row's token to the frames of its slot. */
export function lookAtFrames(op: LookAtFrames, unit: i32, scratch: usize): void {
  const row = unit / op.heads;
  const head = unit % op.heads;
  const span = spanOf(op.spans, load<i32>(op.places + <usize>row * 8));
  const place = <usize>placeOf(span, op.heads, head);
  const size = <usize>op.headSize;
  const frames = span.frames;
  const room = <usize>roomOf(span);
  const integers = scratch;
  const scores = scratch + max(size, room) * 2;
  const query = op.from + <usize>row * op.stride + ((<usize>head * size) << 2);
  const step = toShorts(query, integers, size, MOST_QUERY);

  let key = op.keys + place * size;
  const keyScales = op.keyScales + (place << 2);
  for (let frame: usize = 0; frame < <usize>frames; frame += BLOCK) {
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at = integers; at < integers + 2 * size; at += 4, key += 2 * BLOCK) {
      const x = v128.load32_splat(at);
      const a = v128.load(key);
      const b = v128.load(key, 16);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(a)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(a)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(b)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(b)));
    }
    const to = scores + (frame << 2);
    const scales = keyScales + (frame << 2);
    storeScores(to, s0, scales);
    storeScores(to + 16, s1, scales + 16);
    storeScores(to + 32, s2, scales + 32);
    storeScores(to + 48, s3, scales + 48);
  }
  const sum = softmax(scores, frames, frames, step / sqrt<f32>(<f32>op.headSize));
  const shown = load<usize>(op.shown + offsetof<Shown>() + ((<usize>head) << 2));
  if (shown) {
    const to = shown + <usize>row * changetype<Shown>(op.shown).stride;
    const share = f32x4.splat(1 / sum);
    for (let at: usize = 0; at < (<usize>frames) << 2; at += 16)
      v128.store(to + at, f32x4.mul(v128.load(scores + at), share));
  }
  const valueScales = op.valueScales + (place << 2);
  for (let at: usize = 0; at < (<usize>frames) << 2; at += 16)
    v128.store(scores + at, f32x4.mul(v128.load(scores + at), v128.load(valueScales + at)));
  const share = f32x4.splat(toShorts(scores, integers, frames, MOST_SHARE) / sum);

  const values = op.values + place * size;
  const to = op.to + (((<usize>row * <usize>op.heads + <usize>head) * size) << 2);
  for (let column: usize = 0; column < size; column += 32)
    for (let pair = 0; pair < frames / 2; pair += PAIRS) {
      let o0 = i32x4.splat(0);
      let o1 = o0;
      let o2 = o0;
      let o3 = o0;
      let o4 = o0;
      let o5 = o0;
      let o6 = o0;
      let o7 = o0;
      let value = values + (<usize>pair * size + column) * 2;
      let at = integers + <usize>pair * 4;
      for (const end = integers + <usize>min(pair + PAIRS, frames / 2) * 4; at < end; at += 4) {
        const x = v128.load32_splat(at);
        let v = v128.load(value);
        o0 = i32x4.add(o0, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(v)));
        o1 = i32x4.add(o1, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(v)));
        v = v128.load(value, 16);
        o2 = i32x4.add(o2, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(v)));
        o3 = i32x4.add(o3, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(v)));
        v = v128.load(value, 32);
        o4 = i32x4.add(o4, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(v)));
        o5 = i32x4.add(o5, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(v)));
        v = v128.load(value, 48);
        o6 = i32x4.add(o6, i32x4.dot_i16x8_s(x, i16x8.extend_low_i8x16_s(v)));
        o7 = i32x4.add(o7, i32x4.dot_i16x8_s(x, i16x8.extend_high_i8x16_s(v)));
        value += 2 * size;
      }
      const out = to + (column << 2);
      const more = pair > 0;
      addShare(out, o0, share, more);
      addShare(out + 16, o1, share, more);
      addShare(out + 32, o2, share, more);
      addShare(out + 48, o3, share, more);
      addShare(out + 64, o4, share, more);
      addShare(out + 80, o5, share, more);
      addShare(out + 96, o6, share, more);
      addShare(out + 112, o7, share, more);
    }
}

@inline
function storeScores(to: usize, sums: v128, scales: usize): void {
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales)));
}

@inline
function addShare(to: usize, sums: v128, share: v128, more: bool): void {
  const values = f32x4.mul(f32x4.convert_i32x4_s(sums), share);
  v128.store(to, more ? f32x4.add(v128.load(to), values) : values);
}

/** Some floats, a multiple of 4, as 16-bit integers up to `most`. @returns what one step is worth */
function toShorts(from: usize, to: usize, count: usize, most: f32): f32 {
  const end = from + (count << 2);
  let largest = f32x4.splat(0);
  for (let at = from; at < end; at += 16)
    largest = f32x4.pmax(largest, f32x4.abs(v128.load(at)));
  const step = max<f32>(largestOf(largest), 1e-30) / most;
  const factor = f32x4.splat(1 / step);
  for (; from < end; from += 16, to += 8) {
    const rounded = f32x4.nearest(f32x4.mul(v128.load(from), factor));
    const whole = i32x4.trunc_sat_f32x4_s(rounded);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(whole, whole), 0);
  }
  return step;
}
