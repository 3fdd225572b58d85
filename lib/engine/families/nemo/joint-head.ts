import { appendToGraph } from '@/lib/engine/onnx';

/** Names of what is added to the graph; a published graph has none that begin so. */
const PREFIX = 'ai2text';

/** Output [rows, 1, 1, 3]: token, duration, and the natural logarithm of the token's probability. */
export const CHOICE = `${PREFIX}_choice`;
/** Outputs [layers, rows, width]: the next state, for each of the two inputs of state. */
export const NEXT_STATES = [`${PREFIX}_state_1`, `${PREFIX}_state_2`] as const;

const LAST_AXIS = 3;
const MAX_INT64 = 2n ** 63n - 1n;
/** `TensorProto.DataType` of 32-bit floats. */
const FLOAT = 1;

/**
 * Puts the choice of a greedy search behind Parakeet's decoder, so that states need not leave the
 * GPU and only three numbers a row come back: the best token, the best duration, and how probable
 * the token was. A row whose best token is the blank keeps the state that it had.
 * @param graph a decoder with `outputs` [rows, 1, 1, classes + durations] and `output_states_*`
 * @param classes tokens, with the blank
 */
export function withChoice(
  graph: Uint8Array,
  classes: number,
  blank: number,
): Uint8Array<ArrayBuffer> {
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
