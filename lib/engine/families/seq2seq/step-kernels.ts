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
  type WeightMatrix,
  type Weights,
} from '@/lib/engine/kernels';
import { NEVER, type RowRule, type RuleTables } from './search/rules';
import type { StepNorm, StepWeights } from './step-weights';

/** Rows of tokens in one step, and caches for them, at most: a multiple of `FEW_ROWS`. */
export const STEP_ROWS = 2 * FEW_ROWS;

/** A token, its position in the text, and the cache that it sees and gets into. */
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
  /** Positions that a text may have. */
  readonly positions: number;
  /** Whether there is room for the encoder's frames of this many rows. */
  holds(rows: number, frames: number): boolean;
  /** Takes the encoder's keys and values, heads apart and keys turned: by layer, [rows, …] each. */
  begin(cross: readonly { keys: Float32Array; values: Float32Array }[], frames: number): void;
  /** What every choice from now on may take. */
  setTables(tables: RuleTables): void;
  /**
   * Puts tokens into their caches and makes the logits after them.
   * @param tokens up to `STEP_ROWS`; those of one cache in order
   */
  step(tokens: readonly StepToken[], rules?: readonly RowRule[]): void;
  /** Of a row of the last step; valid until the next. [vocabulary] */
  logits(row: number): Float32Array;
  /** Of a row of the last step that was given rules. */
  found(row: number): StepFound;
  release(): void;
}

const RULE_INTS = 3;
const FOUND_INTS = 6;
/** More memory than this is not worth it: another way runs the model in less. */
const MOST_BYTES = 1.5e9;
/** Positions of a cache are a multiple of it, for the kernels. */
const POSITIONS = 16;

/**
 * Plans a decoder's step as a program.
 * @param frames of the encoder that there is room for, of all rows together
 * @returns `null` when the weights do not fit the kernels
 * @throws OUT_OF_MEMORY
 */
export async function loadStepKernels(
  source: KernelSource,
  weights: StepWeights,
  heads: number,
  frames: number,
): Promise<StepKernels | null> {
  const { width, layers, logits: output } = weights;
  const size = width / heads;
  const hidden = layers[0]?.wide.columns ?? 0;
  const vocabulary = output.columns;
  const columns = 8 * Math.ceil(vocabulary / 8);
  const places = POSITIONS * Math.ceil(weights.positions / POSITIONS);
  if (size % 32 !== 0 || output.steps === null) return null;

  const program = new Program(source.dots);
  let fits = true;
  const weightsOf = (...matrices: WeightMatrix[]): Weights | null => {
    const panels = panelsOf(matrices, source.dots);
    if (!panels?.scales) fits = false;
    return panels && program.weights(panels);
  };
  const normOf = ({ scale, bias }: StepNorm) => ({
    scale: program.constant(scale),
    bias: program.constant(bias),
  });
  const table = program.allocate(8 * STEP_ROWS);
  const shapes = { own: program.allocate(8), cross: program.allocate(12) };
  const ownBytes = 4 * STEP_ROWS * width * places;
  /** Of all rows together; each is filled up. */
  const frameRoom = roomFor(frames) + FRAME_ROOM * STEP_ROWS;
  const frameCaches = (): FrameCaches => ({
    keys: program.allocate(width * frameRoom),
    keyScales: program.allocate(4 * heads * frameRoom),
    values: program.allocate(width * frameRoom),
    valueScales: program.allocate(4 * heads * frameRoom),
    places: table,
    shape: shapes.cross,
  });
  const placed = layers.map((layer) => ({
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
      shape: shapes.own,
    },
    cross: frameCaches(),
  }));
  const lastNorm = normOf(weights.norm);
  const outputWeights = weightsOf(widened(output, columns));
  const matrix = (count: number) => program.matrix(STEP_ROWS, count);
  const streams = [matrix(width), matrix(width)] as const;
  const [normal, mixed, queries] = [matrix(width), matrix(width), matrix(width)];
  const [parts, wide, scores] = [matrix(3 * width), matrix(hidden), matrix(columns)];
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
      program.quantiseRows(only(input), integers);
      program.matmulFew(program.integerRows(only(input), integers), by, only(to), options);
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
        multiply(normed, layer.mixing, parts);
        program.keep({ ...only(parts), at: parts.at + 4 * width }, layer.own, [heads, size]);
        program.look(only(parts), layer.own, [heads, size], only(mixed), places);
        multiply(mixed, layer.out, to, { residual });
      });
      pass(layer.crossNorm, (normed, to, residual) => {
        multiply(normed, layer.crossQuery, queries);
        program.lookAtFrames(only(queries), layer.cross, [heads, size], only(mixed), frameRoom);
        multiply(mixed, layer.crossOut, to, { residual });
      });
      pass(layer.wideNorm, (normed, to, residual) => {
        multiply(normed, layer.wide, wide, { gelu: true });
        multiply(wide, layer.narrow, to, { residual });
      });
    }
    program.normalise(only(stream), lastNorm.scale, lastNorm.bias, only(normal));
    multiply(normal, outputWeights, scores);
    const made = program.length;
    program.choose(only(scores), choosing);
    return { from, made, to: program.length };
  };
  const sections = Array.from({ length: STEP_ROWS }, (_, at) => plan(at + 1));
  // layer by layer: floats are there only until they are bytes
  const given = program.allocate(4 * width * frames);
  const keeping = placed.map(({ cross }) =>
    (['keys', 'values'] as const).map((part) => {
      const operation = program.length;
      program.keepFrames(part, given, cross, [STEP_ROWS, heads, size]);
      return { part, operation };
    }),
  );
  if (!fits || program.bytes > MOST_BYTES) return null;

  const loaded = await KernelProgram.load(source, program);
  const integersAt = (at: Address, count: number) => loaded.integers(at, count);
  integersAt(shapes.own, 2).set([4 * places, 4 * width * places]);
  const vector = new Float32Array(width);
  return {
    positions: weights.positions,
    holds: (rows, count) => rows <= STEP_ROWS && rows * count <= frames && count % 4 === 0,
    begin(cross, count) {
      const rows = (cross[0]?.keys.length ?? 0) / (count * width);
      integersAt(shapes.cross, 3).set([count, roomFor(count), rows]);
      for (const [layer, floats] of cross.entries())
        for (const { part, operation } of keeping[layer] ?? []) {
          loaded.floats(given, floats[part].length).set(floats[part]);
          loaded.run(operation, operation + 1);
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
      const section = sections[tokens.length - 1];
      assert(section, `a step is of 1 to ${STEP_ROWS} tokens`);
      const rows = loaded.floats(streams[0].at, tokens.length * width);
      for (const [row, { token, position }] of tokens.entries()) {
        const own = rows.subarray(row * width, (row + 1) * width);
        weights.token(token, own);
        weights.position(position, vector);
        for (const [at, value] of vector.entries()) own[at] = (own[at] ?? 0) + value;
      }
      const place = integersAt(table, 2 * tokens.length);
      place.set(tokens.flatMap(({ slot, position }) => [slot, position]));
      const told = integersAt(choosing.rules, RULE_INTS * tokens.length);
      if (rules) told.set(rules.flatMap(({ text, fromTime, toTime }) => [text, fromTime, toTime]));
      loaded.run(section.from, rules ? section.to : section.made);
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

/** Frames that there has to be room for. */
function roomFor(frames: number): number {
  return FRAME_ROOM * Math.ceil(frames / FRAME_ROOM);
}

interface Norm {
  scale: Address;
  bias: Address;
}

/** Operations of a step: those that make logits, up to `made`, and those that choose. */
interface Section {
  from: number;
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
