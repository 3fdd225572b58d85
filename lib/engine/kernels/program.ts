import { CODES, OPERATION_INTS } from './codes';
import type { ByteProducts } from './kernels';
import type {
  Address,
  AttentionRoom,
  Caches,
  Choosing,
  FrameCaches,
  Integers,
  Layout,
  Matrix,
  QuantisedMatrix,
  Weights,
} from './operands';
import { BYTE_STEPS, PAIR_STEPS, type Panels } from './panels';

/** How much one unit of an operation holds. */
const BLOCK_ROWS = 48;
const ROWS = 64;
const VALUES = 65_536;
const FRAMES_OF_PANEL = 8;
const QUERIES = 48;
/** Rows of a tile of bytes, and bytes in front of a panel of them. */
const DOT_ROWS = 6;
const PANEL_HEAD = 64;
/** Bytes kept for each row of bytes: its zero point, sum and scale. */
const ROW_HEAD = 12;
/** Up to this many frames, sums of shares times bytes are exact in 32 bits. */
const MOST_BYTE_FRAMES = Math.floor((2 ** 31 - 1) / (8191 * 127));
/** The number of rows is a multiple of it, so that no tile, of 6 rows or of 4, is cut. */
const ROWS_OF_TILES = 12;
/** Rows of a product of few rows are processed in such groups: there has to be room for a whole one. */
export const FEW_ROWS = 4;
const FEW_COLUMNS = 64;
/** Scores are computed this many at a time: as much room is needed after the last key. */
const LOOK_FRAMES = 16;
/** Room for frames in bytes is a multiple of it. */
export const FRAME_ROOM = 16;

const SIGNED = 2;
/** What is applied to sums at the end. */
const ACTIVATIONS = { gelu: 1, relu: 4 } as const;

/** Addresses of vectors are multiples of it. */
const ALIGNMENT = 64;
/** What threads share lies at the beginning. */
const SHARED_BYTES = 64;

/** Collects operations and memory; `build` in `kernels.ts` makes both real. */
export class Program {
  private end = SHARED_BYTES;
  private readonly writes: ((memory: ArrayBufferLike) => void)[] = [];
  private readonly operations: number[][] = [];
  private scratchBytes = 0;

  /** @param bytes how products of bytes are made; `null`: integers have 16 bits */
  constructor(readonly bytes: ByteProducts | null = null) {}

  /** Whether attention of all frames is quicker in bytes, too: only by an instruction for them. */
  get attendsInBytes(): boolean {
    return this.bytes !== null && !this.bytes.inPairs;
  }

  /** Operations so far. */
  get length(): number {
    return this.operations.length;
  }

  /** Memory so far, in bytes. */
  get size(): number {
    return this.end;
  }

  /** Memory that is zero at first, not to be read while it is written. @returns its address */
  allocate(bytes: number): Address {
    const at = this.end;
    this.end = Math.ceil((at + bytes) / ALIGNMENT) * ALIGNMENT;
    return at;
  }

  /** A matrix of floats, zero at first. */
  matrix(rows: number, columns: number): Matrix {
    return { at: this.allocate(4 * rows * columns), rows, columns, stride: 4 * columns };
  }

  /** Memory that holds these values from the beginning. */
  constant(values: Float32Array): Address {
    const at = this.allocate(values.byteLength);
    this.writes.push((memory) => new Float32Array(memory, at, values.length).set(values));
    return at;
  }

  /** Weights, ready to be multiplied with. */
  weights({ write, ...panels }: Panels): Weights {
    const at = this.allocate(panels.byteLength);
    this.writes.push((memory) => write(new Uint8Array(memory, at, panels.byteLength)));
    const scales = panels.scales ? this.constant(panels.scales) : 0;
    return { panels, at, bias: this.constant(panels.bias), scales };
  }

  /**
   * to = activation(from x weights + bias) + residual, which must not be `to` itself
   * @param from [rows][depth]
   * @param to [rows][columns]; as many rows of `from` are read
   */
  matmul(
    from: Matrix | QuantisedMatrix,
    { panels, at, bias, scales }: Weights,
    to: Matrix,
    { activation, residual = 0 }: ProductOptions = {},
  ): void {
    const { depth, columns } = panels;
    const isInteger = panels.scales !== null;
    const inBytes = 'scale' in from && from.inBytes;
    if (
      isInteger !== 'scale' in from ||
      panels.inFours !== inBytes ||
      to.rows % ROWS_OF_TILES !== 0
    )
      throw new TypeError('The factors do not fit each other.');
    if (isInteger && !inBytes) this.needScratch(32 + 16 * depth);
    const flags = flagsOf(panels, activation);
    const integerCode = inBytes ? CODES.matmulBytes : CODES.matmulIntegers;
    const code = isInteger ? integerCode : CODES.matmulFloats;
    const rows = [from.at, from.stride, at, to.at, to.stride, to.rows, columns, depth];
    const integers = 'scale' in from ? [scales, from.scale, panels.panelBytes] : [];
    this.add(code, to.rows / BLOCK_ROWS, ...rows, bias, flags, residual, ...integers);
  }

  /** Layer normalisation. @param relu whether what is below zero becomes zero */
  normalise(from: Matrix, scale: Address, bias: Address, to: Matrix, relu = false): void {
    const { at, rows, columns } = from;
    const fields = [at, to.at, rows, columns, scale, bias, relu ? 1 : 0];
    this.add(CODES.normalise, rows / ROWS, ...fields);
  }

  /**
   * Puts each row between the rows a fixed distance before and after it.
   * @param count where the number of rows is, a 32-bit integer: beyond them are zeros
   * @param to [rows][3 x columns]
   */
  splice({ at, rows, columns }: Matrix, distance: number, count: Address, to: Matrix): void {
    this.add(CODES.splice, rows / ROWS, at, to.at, rows, columns, distance, count);
  }

  /**
   * Memory for values as integers.
   * @param rows of them: each may have its own scale
   */
  integers(values: number, rows = 1): Integers {
    return { at: this.allocate(2 * values), scale: this.allocate(ROW_HEAD * rows) };
  }

  /**
   * Makes 16-bit integers of floats, with one scale for all: as ONNX's DynamicQuantizeLinear, in finer steps.
   * @param rows of what is multiplied, where they overlap
   */
  quantiseWhole(from: Matrix, { at, scale }: Integers, rows = from): QuantisedMatrix {
    const values = from.rows * from.columns;
    const ranges = this.allocate(8 * Math.ceil(values / VALUES));
    for (const code of [CODES.range, CODES.quantise])
      this.add(code, values / VALUES, from.at, at, values, ranges, scale);
    return { ...rows, at, scale, inBytes: false, stride: rows.stride / 2 };
  }

  /** Makes integers of rows for `matmul`: bytes of each row by itself, or 16-bit integers of all. */
  quantise(from: Matrix, to: Integers): QuantisedMatrix {
    return this.bytes ? this.quantiseBytes(from, to, this.bytes) : this.quantiseWhole(from, to);
  }

  /** Makes integers of each row by itself, for `matmulFew`. */
  quantiseRows(from: Matrix, to: Integers): QuantisedMatrix {
    if (this.bytes) return this.quantiseBytes(from, to, this.bytes);
    const { at, scale } = to;
    this.add(CODES.quantiseRows, from.rows, from.at, at, from.columns, scale);
    return { ...from, at, scale, inBytes: false, stride: from.stride / 2 };
  }

  private quantiseBytes(
    from: Matrix,
    { at, scale }: Integers,
    { less, inPairs }: ByteProducts,
  ): QuantisedMatrix {
    const { rows, columns } = from;
    const fields = [from.at, at, rows, columns, scale, less, inPairs ? PAIR_STEPS : BYTE_STEPS];
    this.add(CODES.quantiseBytes, rows / ROWS, ...fields);
    return { ...from, at, scale, inBytes: true, stride: columns };
  }

  /** Rows to columns. */
  turn(from: Matrix, to: Address): void {
    this.add(CODES.turn, from.columns / ROWS, from.at, to, from.rows, from.columns);
  }

  /**
   * Every frame attends to all frames: in floats, or in bytes where `room` is for them.
   * @param from [frames][3 x width]: queries, keys, values
   * @param to [frames][width]
   */
  attend(from: Matrix, heads: number, room: AttentionRoom, to: Matrix): void {
    const { rows: frames } = from;
    const headSize = to.columns / heads;
    const padded = paddedFrames(frames);
    if (frames % ROWS_OF_TILES !== 0 || headSize % FRAMES_OF_PANEL !== 0)
      throw new TypeError('The frames or heads do not fit the kernels.');
    const { keys, keyScales, values, valueScales, inBytes } = room;
    const blocks = heads * Math.ceil(frames / QUERIES);
    const size = [frames, heads, headSize];
    if (inBytes) {
      if (padded > MOST_BYTE_FRAMES) throw new TypeError('There are too many frames.');
      this.needScratch(64 + DOT_ROWS * (2 * headSize + 6 * padded));
      const fields = [from.at, to.at, keys, keyScales, values, valueScales, ...size];
      this.add(CODES.packBytes, padded / FRAMES_OF_PANEL, ...fields);
      this.add(CODES.attendBytes, blocks, ...fields);
      return;
    }
    this.needScratch(4 * QUERIES * (1 + padded));
    const fields = [from.at, to.at, keys, values, ...size];
    this.add(CODES.pack, padded / FRAMES_OF_PANEL, ...fields);
    this.add(CODES.attend, blocks, ...fields);
  }

  /**
   * As `matmul`, of integers and a few rows: threads share the columns.
   * @param from as many rows as `to`, with a scale for each; both with room for a multiple of `FEW_ROWS`
   */
  matmulFew(
    from: QuantisedMatrix,
    { panels, at, bias, scales }: Weights,
    to: Matrix,
    { activation, residual = 0 }: ProductOptions = {},
  ): void {
    const { depth, columns } = panels;
    if (panels.scales === null || panels.inFours !== from.inBytes)
      throw new TypeError('The factors do not fit each other.');
    if (!from.inBytes) this.needScratch(32 + 16 * depth);
    const flags = flagsOf(panels, activation);
    const rows = [from.at, from.stride, at, to.at, to.stride, to.rows, columns, depth];
    const code = from.inBytes ? CODES.matmulFewBytes : CODES.matmulFew;
    const integers = [scales, from.scale, panels.panelBytes];
    this.add(code, columns / FEW_COLUMNS, ...rows, bias, flags, residual, ...integers);
  }

  /** Puts keys and values of tokens, side by side after `at`, into their caches. */
  keep(
    { at, rows, stride }: Matrix,
    caches: Caches,
    [heads, size]: readonly [heads: number, size: number],
  ): void {
    const { keys, values, places, shape } = caches;
    this.add(CODES.keep, rows, at, stride, 0, keys, values, places, shape, heads, size);
  }

  /**
   * Each token attends to what is in its cache.
   * @param queries [rows][heads x size]
   * @param most tokens of a cache
   */
  look(
    { at, rows, stride }: Matrix,
    caches: Caches,
    [heads, size]: readonly [heads: number, size: number],
    to: Matrix,
    most: number,
  ): void {
    const { keys, values, places, shape } = caches;
    if (size % 32 !== 0) throw new TypeError('The heads do not fit the kernels.');
    this.needScratch(4 * (most + LOOK_FRAMES));
    const fields = [at, stride, to.at, keys, values, places, shape, heads, size];
    this.add(CODES.look, rows * heads, ...fields);
  }

  /**
   * Puts keys, or values, of one window's frames into bytes.
   * @param from [frames][heads x size]
   */
  keepFrames(
    part: 'keys' | 'values',
    { at, stride }: Matrix,
    caches: FrameCaches,
    [heads, size]: readonly [heads: number, size: number],
  ): void {
    const isKeys = part === 'keys';
    const [to, scales] = isKeys
      ? [caches.keys, caches.keyScales]
      : [caches.values, caches.valueScales];
    const code = isKeys ? CODES.keepKeys : CODES.keepValues;
    this.add(code, heads, at, stride, to, scales, caches.spans, heads, size);
  }

  /**
   * Each token attends to the frames of its slot.
   * @param from queries, [rows][heads x size]
   * @param most frames of a slot, a multiple of `FRAME_ROOM`
   */
  lookAtFrames(
    { at, rows, stride }: Matrix,
    caches: FrameCaches,
    [heads, size]: readonly [heads: number, size: number],
    to: Matrix,
    most: number,
  ): void {
    if (size % 32 !== 0) throw new TypeError('The heads do not fit the kernels.');
    if (most > MOST_BYTE_FRAMES) throw new TypeError('There are too many frames.');
    // factors, halves of the query and of each frame's share, scores
    this.needScratch(32 + 2 * size + 6 * most);
    const { keys, keyScales, values, valueScales, places, spans, shown } = caches;
    const operands = [keys, keyScales, values, valueScales, places, spans, shown, heads, size];
    this.add(CODES.lookAtFrames, rows * heads, at, stride, to.at, ...operands);
  }

  /** Memory for the keys and values of frames, of all slots together. @param frames a multiple of `FRAME_ROOM` */
  frameRoom(
    frames: number,
    [heads, size]: readonly [heads: number, size: number],
  ): Omit<FrameCaches, 'places' | 'spans' | 'shown'> {
    const bytes = (ofHead: number) => this.allocate(heads * ofHead * frames);
    return {
      keys: bytes(size + PANEL_HEAD / FRAMES_OF_PANEL),
      ...{ keyScales: bytes(4), values: bytes(size), valueScales: bytes(4) },
    };
  }

  /** Looks for the best text and the best time of each row of logits. */
  choose({ at, rows, columns }: Matrix, choosing: Choosing): void {
    const { text, times, firstTime, rules, found } = choosing;
    this.add(CODES.choose, rows, at, columns, text, times, firstTime, rules, found);
  }

  /** Memory for the keys and values of one attention. */
  attentionRoom(frames: number, width: number, heads: number, inBytes = false): AttentionRoom {
    const padded = paddedFrames(frames);
    const floats = () => this.allocate(4 * padded * width);
    if (!inBytes)
      return { keys: floats(), values: floats(), keyScales: 0, valueScales: 0, inBytes };
    const scales = () => this.allocate(4 * heads * padded);
    return {
      keys: this.allocate(padded * width + (PANEL_HEAD * heads * padded) / FRAMES_OF_PANEL),
      values: this.allocate(padded * width + (PANEL_HEAD * width) / FRAMES_OF_PANEL),
      ...{ keyScales: scales(), valueScales: scales(), inBytes },
    };
  }

  /**
   * What has been collected.
   * @param threads each gets scratch memory of its own
   */
  layOut(threads: number): Layout {
    const operations = Int32Array.from(this.operations.flat());
    const program = this.allocate(operations.byteLength);
    this.writes.push((memory) =>
      new Int32Array(memory, program, operations.length).set(operations),
    );
    const scratch = Array.from({ length: threads }, () => this.allocate(this.scratchBytes));
    return {
      bytes: this.end,
      program,
      operations: this.operations.length,
      scratch,
      write: (memory) => {
        for (const write of this.writes.splice(0)) write(memory);
      },
    };
  }

  private needScratch(bytes: number): void {
    this.scratchBytes = Math.max(this.scratchBytes, bytes);
  }

  private add(code: number, units: number, ...fields: number[]): void {
    const operation = new Array<number>(OPERATION_INTS).fill(0);
    operation.splice(0, 2 + fields.length, code, Math.ceil(units), ...fields);
    this.operations.push(operation);
  }
}

/** What a product ends with. */
interface ProductOptions {
  activation?: keyof typeof ACTIVATIONS;
  /** Added at the end. */
  residual?: Address;
}

function flagsOf({ isSigned }: Weights['panels'], activation?: keyof typeof ACTIVATIONS): number {
  return (activation ? ACTIVATIONS[activation] : 0) | (isSigned ? SIGNED : 0);
}

function paddedFrames(frames: number): number {
  return Math.ceil(frames / FRAMES_OF_PANEL) * FRAMES_OF_PANEL;
}
