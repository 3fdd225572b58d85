import { gelu4 } from './float';
import { FLOAT_ROWS, INTEGER_ROWS, TILE_COLUMNS, tileFloats, tileIntegers } from './tile';

/** Rows that are processed together: with 1,536 columns they fit into a cache of 512 KB. */
export const BLOCK_ROWS: i32 = 48;

/** Bytes in front of a panel of bytes: zero points, as 16-bit integers [8][2]. */
export const PANEL_HEAD: usize = 32;

const GELU: i32 = 1;
export const SIGNED: i32 = 2;
const RELU: i32 = 4;

/** Fields of an operation `matmul`: `../lib/engine/kernels/program.ts` writes them. */
@unmanaged
export class MatMul {
  code: i32;
  units: i32;
  /** [rows][depth], floats, 16-bit integers or bytes; a row begins `aStride` bytes after the last one. */
  a: usize;
  aStride: usize;
  /** Panels of 8 columns. */
  b: usize;
  c: usize;
  cStride: usize;
  rows: i32;
  columns: i32;
  depth: i32;
  /** [columns] */
  bias: usize;
  flags: i32;
  /** Added at the end, rows as far apart as those of `c`; 0: nothing. */
  residual: usize;
  /** Integers only: [columns], the scales of the weights. */
  scales: usize;
  /** Integers only: the scale of `a`, for all rows or for each, or the heads of its rows of bytes. */
  aScale: usize;
  /** Integers only: from one panel to the next. */
  panelBytes: usize;
}

/** c = finish(a x b + bias), rows of one block. */
export function matmulFloats(op: MatMul, unit: i32): void {
  const from = unit * BLOCK_ROWS;
  const to = min(from + BLOCK_ROWS, op.rows);
  const panelBytes = <usize>op.depth * 32;
  let panel = op.b;
  for (let column = 0; column < op.columns; column += TILE_COLUMNS) {
    for (let row = from; row < to; row += FLOAT_ROWS) {
      const a = op.a + <usize>row * op.aStride;
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      tileFloats(a, op.aStride, panel, op.depth, c, op.cStride, false);
    }
    panel += panelBytes;
  }
  finish(op, from, to, 0, op.columns);
}

/** The same, of integers; a panel's bytes are widened once for all rows of the block. */
export function matmulIntegers(op: MatMul, unit: i32, scratch: usize): void {
  const from = unit * BLOCK_ROWS;
  const to = min(from + BLOCK_ROWS, op.rows);
  const panelBytes = PANEL_HEAD + <usize>op.depth * 8;
  const wide = scratch + 32;
  const step = f32x4.splat(load<f32>(op.aScale));
  let panel = op.b;
  for (let column = 0; column < op.columns; column += TILE_COLUMNS) {
    if (op.flags & SIGNED) widenSigned(panel, op.depth, wide);
    else widenUnsigned(panel, op.depth, wide);
    const scales = op.scales + ((<usize>column) << 2);
    v128.store(scratch, f32x4.mul(step, v128.load(scales)));
    v128.store(scratch, f32x4.mul(step, v128.load(scales, 16)), 16);
    for (let row = from; row < to; row += INTEGER_ROWS) {
      const c = op.c + <usize>row * op.cStride + ((<usize>column) << 2);
      const a = op.a + <usize>row * op.aStride;
      tileIntegers(a, op.aStride, wide, op.depth, scratch, c, op.cStride);
    }
    panel += panelBytes;
  }
  finish(op, from, to, 0, op.columns);
}

export function widenSigned(panel: usize, depth: i32, to: usize): void {
  const zero0 = v128.load(panel);
  const zero1 = v128.load(panel, 16);
  panel += PANEL_HEAD;
  for (const end = panel + <usize>depth * 8; panel < end; panel += 16, to += 32) {
    v128.store(to, i16x8.sub(v128.load8x8_s(panel), zero0));
    v128.store(to, i16x8.sub(v128.load8x8_s(panel, 8), zero1), 16);
  }
}

export function widenUnsigned(panel: usize, depth: i32, to: usize): void {
  const zero0 = v128.load(panel);
  const zero1 = v128.load(panel, 16);
  panel += PANEL_HEAD;
  for (const end = panel + <usize>depth * 8; panel < end; panel += 16, to += 32) {
    v128.store(to, i16x8.sub(v128.load8x8_u(panel), zero0));
    v128.store(to, i16x8.sub(v128.load8x8_u(panel, 8), zero1), 16);
  }
}

/** Bias, activation and what is added, while the rows are still in the cache. */
export function finish(op: MatMul, from: i32, to: i32, firstColumn: i32, lastColumn: i32): void {
  const first = (<usize>firstColumn) << 2;
  const last = (<usize>lastColumn) << 2;
  for (let row = from; row < to; row++) {
    const c = op.c + <usize>row * op.cStride;
    if (op.flags & GELU) {
      for (let at = first; at < last; at += 16)
        v128.store(c + at, gelu4(f32x4.add(v128.load(c + at), v128.load(op.bias + at))));
    } else if (op.flags & RELU) {
      const none = f32x4.splat(0);
      for (let at = first; at < last; at += 16)
        v128.store(c + at, f32x4.pmax(none, f32x4.add(v128.load(c + at), v128.load(op.bias + at))));
    } else {
      for (let at = first; at < last; at += 16)
        v128.store(c + at, f32x4.add(v128.load(c + at), v128.load(op.bias + at)));
    }
    if (op.residual) {
      const more = op.residual + <usize>row * op.cStride;
      for (let at = first; at < last; at += 16)
        v128.store(c + at, f32x4.add(v128.load(c + at), v128.load(more + at)));
    }
  }
}
