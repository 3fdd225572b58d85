import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import { appendToGraph } from '@/lib/engine/onnx';
import type {
  InferenceRuntime,
  InferenceSession,
  OpenOptions,
  Tensors,
} from '@/lib/engine/runtime';
import { dimensionOf, requireInterface, roundsByRun } from './interface';
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
   * Continues with these rows only, in this order, where that is cheap.
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
    // on a GPU a step with fewer rows costs hardly less, and fetching the states costs more
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

/** Names of what is added to the graph; a published graph has none that begin so. */
const PREFIX = 'ai2text';

/** Output [rows, 1, 1, 3]: token, duration, and the natural logarithm of the token's probability. */
const CHOICE = `${PREFIX}_choice`;
/** Outputs [layers, rows, width]: the next state, for each of the two inputs of state. */
const NEXT_STATES = [`${PREFIX}_state_1`, `${PREFIX}_state_2`] as const;

const LAST_AXIS = 3;
const MAX_INT64 = 2n ** 63n - 1n;
/** `TensorProto.DataType` of 32-bit floats. */
const FLOAT = 1;

/**
 * Puts the choice of a greedy search after Parakeet's decoder, so that states need not leave the
 * GPU and only three numbers a row come back: the best token, the best duration, and how probable
 * the token was. A row whose best token is the blank keeps the state that it had.
 * @param graph a decoder with `outputs` [rows, 1, 1, classes + durations] and `output_states_*`
 * @param classes tokens, with the blank
 */
function withChoice(graph: Uint8Array, classes: number, blank: number): Uint8Array<ArrayBuffer> {
  const name = (short: string) => `${PREFIX}_${short}`;
  const ints = (short: string, ...values: bigint[]) => ({
    name: name(short),
    dims: [values.length],
    data: BigInt64Array.from(values),
  });
  const node = (
    op: string,
    inputs: string[],
    output: string,
    attributes: Record<string, number | number[]> = {},
  ) => ({ op, inputs, outputs: [output], attributes });
  const best = (scores: string, output: string) =>
    node('ArgMax', [scores], output, { axis: LAST_AXIS, keepdims: 1 });
  return appendToGraph(graph, {
    inputs: [],
    outputs: [
      { name: CHOICE, dims: [name('rows'), 1, 1, 3] },
      ...NEXT_STATES.map((state) => ({
        name: state,
        dims: [name('layers'), name('rows'), name('width')],
      })),
    ],
    constants: [
      ints('zero', 0n),
      ints('classes', BigInt(classes)),
      ints('end', MAX_INT64),
      ints('axis', BigInt(LAST_AXIS)),
      ints('row_shape', 1n, -1n, 1n),
      { name: name('blank'), dims: [1], data: Float32Array.of(blank) },
    ],
    nodes: [
      node('Slice', ['outputs', name('zero'), name('classes'), name('axis')], name('tokens')),
      node('Slice', ['outputs', name('classes'), name('end'), name('axis')], name('durations')),
      best(name('tokens'), name('token_index')),
      best(name('durations'), name('duration_index')),
      node('Softmax', [name('tokens')], name('probabilities'), { axis: LAST_AXIS }),
      node('GatherElements', [name('probabilities'), name('token_index')], name('probability'), {
        axis: LAST_AXIS,
      }),
      node('Log', [name('probability')], name('log_probability')),
      node('Cast', [name('token_index')], name('token'), { to: FLOAT }),
      node('Cast', [name('duration_index')], name('duration'), { to: FLOAT }),
      node('Concat', [name('token'), name('duration'), name('log_probability')], CHOICE, {
        axis: LAST_AXIS,
      }),
      node('Equal', [name('token'), name('blank')], name('is_blank')),
      node('Reshape', [name('is_blank'), name('row_shape')], name('keeps')),
      ...NEXT_STATES.map((state, index) =>
        node(
          'Where',
          [name('keeps'), `input_states_${index + 1}`, `output_states_${index + 1}`],
          state,
        ),
      ),
    ],
  });
}
