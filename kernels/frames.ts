import { softmax } from './attention';
import { FOUR, MOST_STEPS, packKey, packValues, toHalves, ZERO } from './byte-attention';
import { PANEL_HEAD, rowDots } from './dot-tile';
import { largestOfRow } from './float';
import { TILE_COLUMNS } from './tile';

/**
 * Attention of a token to the encoder's frames. Every token of every row reads the keys and values of all of
 * them, so that memory is the bottleneck: they are kept in bytes, with a step of its own for each frame.
 */

/** Frames that scores are computed of at a time. */
const BLOCK: i32 = 16;
/** Where the frames of a slot lie, among those of all. */
@unmanaged
class FrameSpan {
  /** Frames in front of them: a multiple of `BLOCK`. */
  first: i32;
  /** A multiple of 4. */
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
  /**
   * Keys: [slots][heads][room / 8] of a head and [headSize / 4][8 frames][4]; values:
   * [slots][heads][headSize / 8][room / 4][8 columns][4]. Bytes.
   */
  to: usize;
  /** [slots][heads][room] */
  scales: usize;
  spans: usize;
  heads: i32;
  headSize: i32;
}

/** Bytes of the keys of 8 frames. */
@inline
function keyPanelBytes(headSize: i32): usize {
  return PANEL_HEAD + <usize>(headSize * TILE_COLUMNS);
}

/** Keys to bytes. */
export function keepKeys(op: KeepFrames, head: i32): void {
  const span = spanOf(op.spans, -1);
  const place = placeOf(span, op.heads, head);
  const panelBytes = keyPanelBytes(op.headSize);
  const panels = op.to + <usize>(place / TILE_COLUMNS) * panelBytes;
  let from = op.from + ((<usize>(head * op.headSize)) << 2);
  let scale = op.scales + ((<usize>place) << 2);
  for (let frame = 0; frame < span.frames; frame++, from += op.stride, scale += 4) {
    const panel = panels + <usize>(frame / TILE_COLUMNS) * panelBytes;
    packKey(from, panel + ((<usize>(frame % TILE_COLUMNS)) << 2), scale, op.headSize);
  }
}

/** Values to bytes. */
export function keepValues(op: KeepFrames, head: i32): void {
  const span = spanOf(op.spans, -1);
  const place = placeOf(span, op.heads, head);
  const panelBytes = <usize>(roomOf(span) * TILE_COLUMNS);
  const to = op.to + <usize>(place * op.headSize);
  const from = op.from + ((<usize>(head * op.headSize)) << 2);
  const scales = op.scales + ((<usize>place) << 2);
  for (let frame: usize = 0; frame < <usize>span.frames; frame += FOUR) {
    const own = to + frame * TILE_COLUMNS;
    packValues(from + frame * op.stride, op.stride, own, panelBytes, scales + (frame << 2), op.headSize);
  }
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
  const frames = <usize>span.frames;
  const room = <usize>roomOf(span);
  // what sums of values are multiplied by, halves of the query, scores, halves of shares
  const factors = scratch;
  const query = factors + 32;
  const scores = query + 2 * size;
  const shares = scores + (room << 2);
  const from = op.from + <usize>row * op.stride + ((<usize>head * size) << 2);
  const step = max<f32>(largestOfRow(from, size << 2), 1e-30) / MOST_STEPS;
  toHalves(from, size, query, size, 1 / step, ZERO);

  const keyBytes = keyPanelBytes(op.headSize);
  let panel = op.keys + (place / TILE_COLUMNS) * keyBytes;
  const keyScales = op.keyScales + (place << 2);
  for (let at: usize = 0; at < frames << 2; at += BLOCK << 2, panel += 2 * keyBytes) {
    const scales = keyScales + at;
    rowDots(query, size, panel, keyBytes, op.headSize, ZERO, scales, scales + 32, scores + at);
  }
  const sum = softmax(scores, span.frames, span.frames, step / sqrt<f32>(<f32>op.headSize));
  const shown = load<usize>(op.shown + offsetof<Shown>() + ((<usize>head) << 2));
  if (shown) {
    const to = shown + <usize>row * changetype<Shown>(op.shown).stride;
    const share = f32x4.splat(1 / sum);
    for (let at: usize = 0; at < frames << 2; at += 16)
      v128.store(to + at, f32x4.mul(v128.load(scores + at), share));
  }
  const valueScales = op.valueScales + (place << 2);
  for (let at: usize = 0; at < frames << 2; at += 16)
    v128.store(scores + at, f32x4.mul(v128.load(scores + at), v128.load(valueScales + at)));
  const shareStep = max<f32>(largestOfRow(scores, frames << 2), 1e-30) / MOST_STEPS;
  toHalves(scores, frames, shares, frames, 1 / shareStep, 0);
  const factor = f32x4.splat(shareStep / sum);
  v128.store(factors, factor);
  v128.store(factors, factor, 16);

  const valueBytes = room * TILE_COLUMNS;
  // these panels have no head, and none is needed: nothing stands for zero in shares
  panel = op.values + place * size - PANEL_HEAD;
  const to = op.to + (((<usize>row * <usize>op.heads + <usize>head) * size) << 2);
  for (let at: usize = 0; at < size << 2; at += 64, panel += 2 * valueBytes)
    rowDots(shares, frames, panel, valueBytes, span.frames, 0, factors, factors, to + at);
}
