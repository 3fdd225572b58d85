import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import type {
  InferenceRuntime,
  InferenceSession,
  OpenOptions,
  Tensors,
} from '@/lib/engine/runtime';
import { dimensionOf, requireInterface, roundsByRun } from './interface';
import { CHOICE, NEXT_STATES, withChoice } from './joint-head';
import type { TokenList } from './tokens';

/** What the network made of one frame of one row. */
export interface JointChoice {
  token: number;
  /** Encoder frames to advance by. */
  duration: number;
  logProb: number;
}

/** Rows that go through the network side by side, each with its own state. */
export interface JointRun {
  /** Encoder frame of each row, [rows, width]: written before `step`. */
  readonly frames: Float32Array;
  /** Token before, of each row: written before `step`. */
  readonly targets: Int32Array;
  /** One frame of every row. A row's state advances when its choice is not a blank. */
  step(): Promise<JointChoice[]>;
  /**
   * Goes on with these rows alone, in this order, where that is cheap.
   * @returns whether it did
   */
  keep(rows: readonly number[]): boolean;
  dispose(): void;
}

/** Prediction and joint network of a transducer. */
export interface JointNetwork {
  /** Rows that may run side by side without changing each other's result. */
  readonly maxRows: number;
  /** Width of an encoder frame. */
  readonly width: number;
  begin(rows: number): JointRun;
  release(): Promise<void>;
}

/**
 * Rows side by side. Measured with random weights of the published size (2 x 640, 8,193 tokens; wasm
 * on one thread, ms for each row's step): 1.6 alone, 1.1 for two, 1.1 for four, 1.0 for eight.
 */
const ROWS = { wasm: 4, webgpu: 8 } as const;

const FREE = null;

/**
 * Opens `decoder_joint-model.onnx`.
 * @throws MODEL_UNSUPPORTED for another interface; what `InferenceRuntime.open` throws
 */
export async function openJoint(
  runtime: InferenceRuntime,
  graph: Uint8Array,
  { classes, blank }: TokenList,
  options: OpenOptions,
): Promise<JointNetwork> {
  const session = await runtime.open(withChoice(graph, classes, blank), {
    ...options,
    outputsOnGpu: NEXT_STATES,
  });
  try {
    return jointNetwork(runtime, session, classes, roundsByRun(graph));
  } catch (error) {
    await session.release();
    throw error;
  }
}

function jointNetwork(
  runtime: InferenceRuntime,
  session: InferenceSession,
  classes: number,
  isAlone: boolean,
): JointNetwork {
  const state = [FREE, FREE, FREE];
  requireInterface(session, 'decoder', {
    inputs: [
      { name: 'encoder_outputs', type: 'float32', dims: [FREE, FREE, FREE] },
      { name: 'targets', type: 'int32', dims: [FREE, FREE] },
      { name: 'target_length', type: 'int32', dims: [FREE] },
      { name: 'input_states_1', type: 'float32', dims: state },
      { name: 'input_states_2', type: 'float32', dims: state },
    ],
    outputs: [{ name: 'outputs', type: 'float32', dims: [FREE, FREE, FREE, FREE] }],
  });
  const sizes = [
    dimensionOf(session.inputs, 'encoder_outputs', 1),
    dimensionOf(session.inputs, 'input_states_1', 0),
    dimensionOf(session.inputs, 'input_states_1', 2),
    dimensionOf(session.inputs, 'input_states_2', 2),
  ];
  const [width, layers, ...widths] = sizes.map((size) => size ?? 0);
  const scores = dimensionOf(session.outputs, 'outputs', 3);
  if (!width || !layers || widths.includes(0) || (scores !== null && scores <= classes))
    throw new AppError('MODEL_UNSUPPORTED', 'The decoder is no token-and-duration transducer.', {
      details: { sizes: sizes.join(', '), scores, tokens: classes },
    });
  const stateSizes = widths.map((size) => ({ layers, size }));
  return {
    maxRows: isAlone ? 1 : ROWS[runtime.backend],
    width,
    begin: (rows) => new SessionRun(runtime, session, width, stateSizes, rows),
    release: () => session.release(),
  };
}

interface StateSize {
  layers: number;
  size: number;
}

class SessionRun implements JointRun {
  frames: Float32Array<ArrayBuffer>;
  targets: Int32Array;
  private feeds: Tensors;
  private states: Tensor[];

  constructor(
    private readonly runtime: InferenceRuntime,
    private readonly session: InferenceSession,
    private readonly width: number,
    stateSizes: readonly StateSize[],
    private rows: number,
  ) {
    this.states = stateSizes.map(({ layers, size }) =>
      this.float(new Float32Array(layers * rows * size), [layers, rows, size]),
    );
    ({ frames: this.frames, targets: this.targets, feeds: this.feeds } = this.inputs());
  }

  async step(): Promise<JointChoice[]> {
    const [input_states_1, input_states_2] = this.states;
    if (!input_states_1 || !input_states_2) throw new Error('There are two states.');
    const feeds = { ...this.feeds, input_states_1, input_states_2 };
    const results = await this.session.run(feeds, [CHOICE, ...NEXT_STATES]);
    this.dispose();
    this.states = NEXT_STATES.flatMap((name) => results[name] ?? []);
    return this.read(results[CHOICE]);
  }

  keep(rows: readonly number[]): boolean {
    // a step costs a GPU hardly less with fewer rows, and to fetch the states costs more
    if (this.states.some(({ location }) => location !== 'cpu')) return false;
    this.states = this.states.map((state) => {
      const [layers = 0, , size = 0] = state.dims;
      const data = new Float32Array(layers * rows.length * size);
      const from = state.data as Float32Array;
      for (let layer = 0; layer < layers; layer++)
        for (const [at, row] of rows.entries()) {
          const start = (layer * this.rows + row) * size;
          data.set(from.subarray(start, start + size), (layer * rows.length + at) * size);
        }
      return this.float(data, [layers, rows.length, size]);
    });
    this.rows = rows.length;
    ({ frames: this.frames, targets: this.targets, feeds: this.feeds } = this.inputs());
    return true;
  }

  dispose(): void {
    for (const state of this.states) state.dispose();
    this.states = [];
  }

  /** Buffers that are rewritten before every step, in tensors that stay. */
  private inputs() {
    const { rows, width } = this;
    const frames = new Float32Array(rows * width);
    const targets = new Int32Array(rows);
    const lengths = new Int32Array(rows).fill(1);
    const { Tensor } = this.runtime;
    const feeds = {
      encoder_outputs: this.float(frames, [rows, width, 1]),
      targets: new Tensor('int32', targets, [rows, 1]),
      target_length: new Tensor('int32', lengths, [rows]),
    };
    return { frames, targets, feeds };
  }

  private float(data: Float32Array<ArrayBuffer>, dims: readonly number[]): Tensor {
    return new this.runtime.Tensor('float32', data, dims);
  }

  private read(choices: Tensor | undefined): JointChoice[] {
    const data = choices?.data;
    if (!(data instanceof Float32Array) || data.length !== 3 * this.rows)
      throw new AppError('RECOGNISE_FAILED', 'The decoder answers in another shape.', {
        details: { dims: choices?.dims.join(', ') ?? null, rows: this.rows },
      });
    return Array.from({ length: this.rows }, (_, row) => {
      const [token = 0, duration = 0, logProb = Number.NaN] = data.subarray(3 * row, 3 * row + 3);
      if (Number.isNaN(logProb))
        throw new AppError('RECOGNISE_FAILED', 'A score of the decoder is no number.');
      return { token, duration, logProb };
    });
  }
}
