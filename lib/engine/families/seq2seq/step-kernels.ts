import { assert } from '@/lib/core';
import {
  type Address,
  FEW_ROWS,
  FRAME_ROOM,
  type FrameCaches,
  KernelProgram,
  type KernelSource,
  type Matrix,
  Program,
  panelsOf,
  readColumn,
  type WeightMatrix,
  type Weights,
} from '@/lib/engine/kernels';
import { NEVER, type RowRule, type RuleTables } from './search/rules';
import { type Heads, ShownAttention } from './shown-attention';
import type { StepNorm, StepWeights, TableSteps } from './step-weights';

/** Windows of one batch, at most: a multiple of `FEW_ROWS`. */
export const STEP_WINDOWS = 2 * FEW_ROWS;
/** Rows of tokens in one step, and slots with a cache for them, at most: three texts of each window. */
const STEP_ROWS = 3 * STEP_WINDOWS;

/** A token, its position in the text, and the cache that it attends to and is added to. */
export interface StepToken {
  slot: number;
  position: number;
  token: number;
}

/** The best text and the best time of a row; masses are sums of exponentials below the better one. */
export interface StepFound {
  text: number;
  time: number;
  bestText: number;
  bestTime: number;
  textMass: number;
  timeMass: number;
}

/** A decoder on the compiled kernels: some tokens in, logits and what is best among them out. */
export interface StepKernels {
  /** The most positions a text may have. */
  readonly positions: number;
  /** How many caches there are; also the most rows of one step. */
  readonly slots: number;
  /** Whether there is room for windows of so many encoded frames. */
  holds(frames: readonly number[]): boolean;
  /** Copies a slot's window and first tokens to another slot. @param tokens how many */
  copySlot(from: number, to: number, tokens: number): void;
  /**
   * Sets the windows that slots attend to from now on. @param windows encoded frames, [frames][width] each
   */
  begin(windows: readonly Float32Array[]): void;
  /** Sets what every choice from now on may take. */
  setTables(tables: RuleTables): void;
  /**
   * Puts tokens into their caches and makes the logits after them.
   * @param tokens up to `STEP_ROWS`; those of one cache in order
   */
  step(tokens: readonly StepToken[], rules?: readonly RowRule[]): void;
  /** The same for tokens that are followed by others: computes no logits. */
  put(tokens: readonly StepToken[]): void;
  /**
   * Puts a text into a slot from its beginning, and shows how heads share their attention among the window's frames.
   * @returns by head, [tokens][frames]; `null` when the text is longer than texts may be, or there is no such head
   */
  attend(slot: number, text: readonly number[], heads: Heads): Float32Array[] | null;
  /** Logits of a row of the last step; valid until the next. [vocabulary] */
  logits(row: number): Float32Array;
  /** The best text and time of a row of the last step, which was given rules. */
  found(row: number): StepFound;
  release(): void;
}

const RULE_INTS = 3;
const FOUND_INTS = 6;
/** More memory than this is not worth it: another way runs the model in less. */
const MOST_BYTES = 1.5e9;
/** Positions of a cache are a multiple of it, for the kernels. */
const POSITIONS = 16;

/** The weights that make keys and values of the encoder's frames, by layer. */
export type CrossWeights = readonly { keys: WeightMatrix; values: WeightMatrix }[];

/**
 * Plans a decoder's step as a program.
 * @param frameCounts all numbers of frames that a window may have, multiples of 12
 * @param rows how many windows of the most frames to make room for
 * @returns `null` when the weights do not fit the kernels
 * @throws OUT_OF_MEMORY
 */
export async function loadStepKernels(
  source: KernelSource,
  weights: StepWeights,
  cross: CrossWeights,
  { heads, frameCounts, rows }: { heads: number; frameCounts: readonly number[]; rows: number },
): Promise<StepKernels | null> {
  const { width, layers, logits: output } = weights;
  const size = width / heads;
  const hidden = layers[0]?.wide.columns ?? 0;
  const vocabulary = output.columns;
  const columns = 8 * Math.ceil(vocabulary / 8);
  const places = POSITIONS * Math.ceil(weights.positions / POSITIONS);
  const [first] = cross;
  const depth = first?.keys.depth ?? 0;
  const inIntegers = first !== undefined && first.keys.steps !== null;
  const fitting = cross.every(({ keys, values }) =>
    [keys, values].every(
      (one) => one.depth === depth && one.columns === width && (one.steps !== null) === inIntegers,
    ),
  );
  if (size % 32 !== 0 || output.steps === null || !fitting || cross.length !== layers.length)
    return null;
  const most = Math.max(...frameCounts);

  const program = new Program(source.bytes);
  let fits = true;
  const weightsOf = (...matrices: WeightMatrix[]): Weights | null => {
    const panels = panelsOf(matrices, program.bytes);
    if (!panels?.scales) fits = false;
    return panels && program.weights(panels);
  };
  const normOf = ({ scale, bias }: StepNorm) => ({
    scale: program.constant(scale),
    bias: program.constant(bias),
  });
  const table = program.allocate(8 * STEP_ROWS);
  const ownShape = program.allocate(8);
  const spans = program.allocate(8 * (1 + STEP_ROWS));
  const ownBytes = 4 * STEP_ROWS * width * places;
  /** Of all windows together; each is filled up. */
  const frameRoom = rows * roomFor(most) + FRAME_ROOM * STEP_WINDOWS;
  const attention = new ShownAttention(program, layers.length, heads, roomFor(most));
  const frameCaches = (shown: Address): FrameCaches => ({
    ...program.frameRoom(frameRoom, [heads, size]),
    ...{ places: table, spans, shown },
  });
  const placed = layers.map((layer, at) => ({
    norm: normOf(layer.norm),
    mixing: weightsOf(layer.query, layer.key, layer.value),
    out: weightsOf(layer.out),
    crossNorm: normOf(layer.crossNorm),
    crossQuery: weightsOf(layer.crossQuery),
    crossOut: weightsOf(layer.crossOut),
    wideNorm: normOf(layer.wideNorm),
    wide: weightsOf(layer.wide),
    narrow: weightsOf(layer.narrow),
    own: {
      keys: program.allocate(ownBytes + 64),
      values: program.allocate(ownBytes + 64),
      places: table,
      shape: ownShape,
    },
    cross: frameCaches(attention.tables[at] ?? 0),
  }));
  const lastNorm = normOf(weights.norm);
  const outputWeights = weightsOf(widened(output, columns));
  const matrix = (count: number) => program.matrix(STEP_ROWS, count);
  const streams = [matrix(width), matrix(width)] as const;
  const [normal, mixed, queries] = [matrix(width), matrix(width), matrix(width)];
  const [projections, wide, scores] = [matrix(3 * width), matrix(hidden), matrix(columns)];
  const integers = program.integers(STEP_ROWS * Math.max(hidden, width), STEP_ROWS);
  const choosing = {
    text: program.allocate(8 * columns),
    times: program.allocate(4 * columns),
    firstTime: program.allocate(4),
    rules: program.allocate(4 * RULE_INTS * STEP_ROWS),
    found: program.allocate(4 * FOUND_INTS * STEP_ROWS),
  };

  /** The operations for so many rows, and those that choose after them. */
  const plan = (rows: number): Section => {
    const from = program.length;
    const only = (whole: Matrix): Matrix => ({ ...whole, rows });
    const multiply = (
      input: Matrix,
      by: Weights | null,
      to: Matrix,
      options: Parameters<Program['matmulFew']>[3] = {},
    ) => {
      if (!by?.panels.scales) return;
      program.matmulFew(program.quantiseRows(only(input), integers), by, only(to), options);
    };
    let [stream, next] = streams;
    /** Adds to the stream what a part of the layer makes of it. */
    const pass = (norm: Norm, part: (normed: Matrix, to: Matrix, residual: Address) => void) => {
      program.normalise(only(stream), norm.scale, norm.bias, only(normal));
      part(normal, next, stream.at);
      [stream, next] = [next, stream];
    };
    for (const layer of placed) {
      pass(layer.norm, (normed, to, residual) => {
        multiply(normed, layer.mixing, projections);
        program.keep({ ...only(projections), at: projections.at + 4 * width }, layer.own, [
          heads,
          size,
        ]);
        program.look(only(projections), layer.own, [heads, size], only(mixed), places);
        multiply(mixed, layer.out, to, { residual });
      });
      pass(layer.crossNorm, (normed, to, residual) => {
        multiply(normed, layer.crossQuery, queries);
        program.lookAtFrames(only(queries), layer.cross, [heads, size], only(mixed), roomFor(most));
        multiply(mixed, layer.crossOut, to, { residual });
      });
      pass(layer.wideNorm, (normed, to, residual) => {
        multiply(normed, layer.wide, wide, { activation: 'gelu' });
        multiply(wide, layer.narrow, to, { residual });
      });
    }
    const put = program.length;
    program.normalise(only(stream), lastNorm.scale, lastNorm.bias, only(normal));
    multiply(normal, outputWeights, scores);
    const made = program.length;
    program.choose(only(scores), choosing);
    return { from, put, made, to: program.length };
  };
  const sections = Array.from({ length: STEP_ROWS }, (_, at) => plan(at + 1));
  const encoded = program.matrix(most, depth);
  const encodedIntegers = program.integers(inIntegers ? most * depth : 0, most);
  // layer by layer: floats are there only until they are bytes
  const pairs = program.matrix(most, 2 * width);
  const crossWeights = cross.map(({ keys, values }) => {
    const panels = panelsOf([keys, values], program.bytes);
    if (!panels) fits = false;
    return panels && program.weights(panels);
  });
  /** Operations that take a window of so many frames. */
  const planFrames = (count: number): readonly [from: number, to: number] => {
    const from = program.length;
    const frames = { ...encoded, rows: count };
    const window = inIntegers ? program.quantise(frames, encodedIntegers) : frames;
    const made = { ...pairs, rows: count };
    for (const [layer, by] of crossWeights.entries()) {
      const caches = placed[layer]?.cross;
      if (!by || !caches) continue;
      program.matmul(window, by, made);
      program.keepFrames('keys', made, caches, [heads, size]);
      program.keepFrames('values', { ...made, at: made.at + 4 * width }, caches, [heads, size]);
    }
    return [from, program.length];
  };
  const taking = new Map(frameCounts.map((count) => [count, planFrames(count)]));
  if (!fits || program.size > MOST_BYTES) return null;

  const loaded = await KernelProgram.load(source, program);
  const integersAt = (at: Address, count: number) => loaded.integers(at, count);
  integersAt(ownShape, 2).set([4 * places, 4 * width * places]);
  // nothing from here on refers to the file's bytes
  const positions = weights.positions;
  const positionVectors = new Float32Array(positions * width);
  for (let at = 0; at < positions; at++)
    weights.position(at, positionVectors.subarray(at * width, (at + 1) * width));
  const writeToken =
    weights.tied && outputWeights ? columnsOf(loaded, outputWeights, weights.tied) : weights.token;
  /** Gives tokens to the program. @returns the operations for so many */
  const place = (tokens: readonly StepToken[]): Section => {
    const section = sections[tokens.length - 1];
    assert(section, `a step is of 1 to ${STEP_ROWS} tokens`);
    const rows = loaded.floats(streams[0].at, tokens.length * width);
    for (const [row, { token, position }] of tokens.entries()) {
      const own = rows.subarray(row * width, (row + 1) * width);
      writeToken(token, own);
      const from = position * width;
      for (let at = 0; at < width; at++)
        own[at] = (own[at] ?? 0) + (positionVectors[from + at] ?? 0);
    }
    const found = tokens.flatMap(({ slot, position }) => [slot, position]);
    integersAt(table, found.length).set(found);
    return section;
  };
  const put = (tokens: readonly StepToken[]) => {
    const { from, put } = place(tokens);
    loaded.run(from, put);
  };
  return {
    positions,
    slots: STEP_ROWS,
    holds: (counts) =>
      counts.length <= STEP_WINDOWS &&
      counts.every((count) => taking.has(count)) &&
      counts.reduce((sum, count) => sum + roomFor(count), 0) <= frameRoom,
    begin(windows) {
      let before = 0;
      for (const [slot, values] of windows.entries()) {
        const count = values.length / depth;
        for (const place of [0, 1 + slot]) integersAt(spans + 8 * place, 2).set([before, count]);
        loaded.floats(encoded.at, values.length).set(values);
        loaded.run(...(taking.get(count) ?? [0, 0]));
        before += roomFor(count);
      }
    },
    copySlot(from, to, tokens) {
      integersAt(spans + 8 * (1 + to), 2).set(integersAt(spans + 8 * (1 + from), 2));
      const slotBytes = 4 * width * places;
      const headBytes = slotBytes / heads;
      const used = 4 * size * POSITIONS * Math.ceil(tokens / POSITIONS);
      for (const { own } of placed)
        for (const cache of [own.keys, own.values])
          for (let head = 0; head < heads; head++) {
            const at = cache + head * headBytes;
            const source = loaded.bytes(at + from * slotBytes, used);
            loaded.bytes(at + to * slotBytes, used).set(source);
          }
    },
    setTables({ text, times, firstTime: first }) {
      const lines = loaded.floats(choosing.text, 2 * columns).fill(NEVER);
      for (const line of [0, 1])
        lines.set(text.subarray(line * vocabulary, (line + 1) * vocabulary), line * columns);
      loaded.floats(choosing.times, times.length).set(times);
      integersAt(choosing.firstTime, 1)[0] = first;
    },
    step(tokens, rules) {
      const ruleInts = integersAt(choosing.rules, RULE_INTS * tokens.length);
      if (rules)
        ruleInts.set(rules.flatMap(({ text, fromTime, toTime }) => [text, fromTime, toTime]));
      const { from, made, to } = place(tokens);
      loaded.run(from, rules ? to : made);
    },
    put,
    attend(slot, text, asked) {
      if (!attention.has(asked) || text.length > positions) return null;
      const [, frames = 0] = integersAt(spans + 8 * (1 + slot), 2);
      const shape = { tokens: text.length, frames, rows: STEP_ROWS };
      return attention.show(loaded, asked, shape, (from, to) =>
        put(text.slice(from, to).map((token, at) => ({ slot, position: from + at, token }))),
      );
    },
    logits: (row) => loaded.floats(scores.at + 4 * row * columns, vocabulary),
    found(row) {
      const at = choosing.found + 4 * FOUND_INTS * row;
      const [text = 0, time = 0] = integersAt(at, 2);
      const [bestText = 0, bestTime = 0, textMass = 0, timeMass = 0] = loaded.floats(at + 8, 4);
      return { text, time, bestText, bestTime, textMass, timeMass };
    },
    release: () => loaded.release(),
  };
}

/** Writes tokens' vectors: columns of the matrix that logits are made with. */
function columnsOf(
  loaded: KernelProgram,
  { at, panels }: Weights,
  { scale, zero }: TableSteps,
): StepWeights['token'] {
  const steps = scale.slice();
  return (id, to) => {
    readColumn(panels, loaded.bytes(at, panels.byteLength), id, to);
    const step = steps[steps.length === 1 ? 0 : id] ?? 0;
    for (let row = 0; row < to.length; row++) to[row] = ((to[row] ?? 0) - zero) * step;
  };
}

/** Frames that there has to be room for. */
function roomFor(frames: number): number {
  return FRAME_ROOM * Math.ceil(frames / FRAME_ROOM);
}

interface Norm {
  scale: Address;
  bias: Address;
}

/** Operations of a step: up to `put` what fills the caches, up to `made` what makes logits, and what chooses. */
interface Section {
  from: number;
  put: number;
  made: number;
  to: number;
}

/** A matrix with columns more, which give zeros. */
function widened(matrix: WeightMatrix, columns: number): WeightMatrix {
  const { bias, steps } = matrix;
  const longer = <T extends Float32Array | Int16Array>(values: T, to: T): T => {
    to.set(values);
    return to;
  };
  return {
    ...matrix,
    columns,
    bias: longer(bias, new Float32Array(columns)),
    steps: steps && {
      scales: longer(steps.scales, new Float32Array(columns)),
      zeros: longer(steps.zeros, new Int16Array(columns)),
    },
  };
}
