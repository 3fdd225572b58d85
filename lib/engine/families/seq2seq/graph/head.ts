import type { OnnxNode, OnnxTensor, OnnxValue } from '@/lib/engine/onnx';
import { NEVER } from '../search/rules';

/** Inputs of the head, by the names its inputs have in the graph. */
export const HEAD = {
  /** Added to logits, see `RuleTables`. [2][vocabulary] */
  text: 'head.text',
  /** [1][times] */
  times: 'head.times',
  /** 0, 1, 2 … [1][times] */
  timeIndex: 'head.time_index',
  /** Id of the first time. [1] */
  firstTime: 'head.first_time',
  /** Which row of `text` applies, by row. [rows] */
  textLine: 'head.text_line',
  /** First and one past the last time allowed, by row. [rows][1] */
  fromTime: 'head.from_time',
  toTime: 'head.to_time',
} as const;

/** Inputs that say what a model and call allow; the same for every row and step. */
export const TABLE_INPUTS: OnnxValue[] = [
  { name: HEAD.text, dims: [2, 'head_vocabulary'] },
  { name: HEAD.times, dims: [1, 'head_times'] },
  { name: HEAD.timeIndex, dims: [1, 'head_times'] },
  { name: HEAD.firstTime, dims: [1], type: 'int64' },
];

/** Inputs that say what each row may take. */
export const RULE_INPUTS: OnnxValue[] = [
  { name: HEAD.textLine, dims: ['rows'], type: 'int64' },
  { name: HEAD.fromTime, dims: ['rows', 1] },
  { name: HEAD.toTime, dims: ['rows', 1] },
];

/** Outputs of a choice; all [rows][1]. */
export const CHOICE = {
  token: 'head.token',
  logProb: 'head.log_prob',
  isTime: 'head.is_time',
  time: 'head.time',
} as const;

/** Logits after the last token, as 32-bit floats. [rows][vocabulary] */
export const LAST_LOGITS = 'head.last_logits';

/** A node with one output. */
export const node = (
  op: string,
  inputs: string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ op, inputs, outputs: [output], attributes });

const float = (name: string, value: number): OnnxTensor => ({
  name,
  dims: [],
  data: Float32Array.of(value),
});
export const integers = (name: string, ...values: number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
});

export const HEAD_CONSTANTS: OnnxTensor[] = [
  float('head.never', NEVER),
  integers('head.axis_1', 1),
  integers('head.last', -1),
  integers('head.far', 2 ** 31 - 1),
  integers('head.by_row', 0, -1),
];

/** `TensorProto.DataType` of 32-bit floats and 64-bit integers. */
export const FLOAT = 1;
export const INT64 = 7;

/** Nodes that take the last position of `logits` [rows][tokens][vocabulary]. */
export function lastLogitsNodes(logits: string): OnnxNode[] {
  return [
    node('Slice', [logits, 'head.last', 'head.far', 'head.axis_1'], 'head.last_position'),
    node('Cast', ['head.last_position'], 'head.last_position_float', { to: FLOAT }),
    node('Reshape', ['head.last_position_float', 'head.by_row'], LAST_LOGITS),
  ];
}

/**
 * Nodes that choose a token for each row from `LAST_LOGITS`, by the rules of `chooseToken`. Large negative
 * numbers stand for minus infinity, and exponentials are taken relative to the largest: WebGPU's own
 * `ReduceLogSumExp` overflows.
 * @param opset the version the graph is written in, which decides how reductions take their axes
 */
export function choiceNodes(opset: number): OnnxNode[] {
  // axes became an input of ReduceSum with version 13, of ReduceMax with 18
  const reduce = (op: 'ReduceMax' | 'ReduceSum', input: string, output: string) =>
    opset >= (op === 'ReduceSum' ? 13 : 18)
      ? node(op, [input, 'head.axis_1'], output, { keepdims: 1 })
      : node(op, [input], output, { axes: [1], keepdims: 1 });
  const mass = (values: string, output: string) => [
    node('Sub', [values, 'head.best'], `${output}.below`),
    node('Exp', [`${output}.below`], `${output}.shares`),
    reduce('ReduceSum', `${output}.shares`, output),
  ];
  const largest = (values: string, name: string) => [
    reduce('ReduceMax', values, `head.best_${name}`),
    node('ArgMax', [values], `head.${name}_at`, { axis: 1, keepdims: 1 }),
  ];
  return [
    node('Gather', [HEAD.text, HEAD.textLine], 'head.text_offsets', { axis: 0 }),
    node('Add', [LAST_LOGITS, 'head.text_offsets'], 'head.text_logits'),
    ...largest('head.text_logits', 'text'),
    node('Slice', [LAST_LOGITS, HEAD.firstTime, 'head.far', 'head.axis_1'], 'head.time_logits'),
    node('Add', ['head.time_logits', HEAD.times], 'head.times_unmasked'),
    node('Less', [HEAD.timeIndex, HEAD.fromTime], 'head.too_early'),
    node('Where', ['head.too_early', 'head.never', 'head.times_unmasked'], 'head.times_from'),
    node('Less', [HEAD.timeIndex, HEAD.toTime], 'head.early_enough'),
    node('Where', ['head.early_enough', 'head.times_from', 'head.never'], 'head.times_allowed'),
    ...largest('head.times_allowed', 'time'),
    node('Max', ['head.best_text', 'head.best_time'], 'head.best'),
    ...mass('head.text_logits', 'head.text_mass'),
    ...mass('head.times_allowed', 'head.time_mass'),
    node('Sub', ['head.best_text', 'head.best'], 'head.best_text_below'),
    node('Exp', ['head.best_text_below'], 'head.best_text_share'),
    // if a time is more probable than all text, so is their sum: no other comparison is needed
    node('Greater', ['head.time_mass', 'head.best_text_share'], CHOICE.isTime),
    node('Cast', ['head.time_at'], CHOICE.time, { to: FLOAT }),
    node('Add', ['head.time_at', HEAD.firstTime], 'head.time_token'),
    node('Where', [CHOICE.isTime, 'head.time_token', 'head.text_at'], CHOICE.token),
    node('Add', ['head.text_mass', 'head.time_mass'], 'head.whole_mass'),
    node('Where', [CHOICE.isTime, 'head.time_mass', 'head.whole_mass'], 'head.mass'),
    node('Log', ['head.mass'], 'head.log_mass'),
    node('Where', [CHOICE.isTime, 'head.best_time', 'head.best_text'], 'head.chosen'),
    node('Sub', ['head.chosen', 'head.best'], 'head.chosen_below'),
    node('Sub', ['head.chosen_below', 'head.log_mass'], CHOICE.logProb),
  ];
}
