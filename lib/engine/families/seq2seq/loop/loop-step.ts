import type { OnnxNode, OnnxTensor, OnnxValue } from '@/lib/engine/onnx';
import {
  CHOICE,
  FLOAT,
  HEAD,
  INT64,
  integers,
  LAST_LOGITS,
  node,
  RULE_INPUTS,
} from '../graph/head';

/** Inputs of the graph that runs many steps, beside those of the published one and of the head. */
export const LOOP = {
  /** Tokens to be put in first, whatever is chosen. [rows][forced] */
  forced: 'loop.forced',
  /** How many. [1] */
  forcedCount: 'loop.forced_count',
  /** Most steps. [] */
  steps: 'loop.steps',
  /** Ends a row; -1: nothing does. [1] */
  endId: 'loop.end_id',
  /** 1: times never go back; 0: they may. [1] */
  monotonic: 'loop.monotonic',
  /** Number of times. [1] */
  timeCount: 'loop.time_count',
  /** Booleans. [rows][1] */
  wasTime: 'loop.was_time',
  ended: 'loop.ended',
  /** [rows][1] */
  lastTime: 'loop.last_time',
} as const;

/** Inputs that stay as they are from step to step. */
export const LOOP_INPUTS: OnnxValue[] = [
  { name: LOOP.forced, dims: ['rows', 'forced'], type: 'int64' },
  { name: LOOP.forcedCount, dims: [1], type: 'int64' },
  { name: LOOP.steps, dims: [], type: 'int64' },
  { name: LOOP.endId, dims: [1], type: 'int64' },
  { name: LOOP.monotonic, dims: [1] },
  { name: LOOP.timeCount, dims: [1] },
];

/**
 * What is handed from step to step beside tokens and cache. A name may not be used twice, outside
 * and inside: `startOf` gives the one outside.
 */
export const STATE: OnnxValue[] = [
  ...RULE_INPUTS,
  { name: LOOP.wasTime, dims: ['rows', 1], type: 'bool' },
  { name: LOOP.ended, dims: ['rows', 1], type: 'bool' },
  { name: LOOP.lastTime, dims: ['rows', 1] },
];

/** The name of what a loop begins with, for one that changes inside. */
export const startOf = (name: string): string => `start.${name}`;
/** The name of what a step hands on. */
export const nextOf = (name: string): string => `next.${name}`;

/** Number of the step. [] */
export const STEP = 'loop.step';
/** Whether there is a next step. [] */
export const CONTINUE = 'loop.go_on';

export const LOOP_CONSTANTS: OnnxTensor[] = [
  { name: 'loop.true', dims: [], data: Uint8Array.of(1), type: 'bool' },
  { name: 'loop.one', dims: [1], data: Float32Array.of(1) },
  { name: 'loop.zero', dims: [1], data: Float32Array.of(0) },
  integers('loop.shape_1', 1),
  integers('loop.flat', -1),
  { name: 'loop.no_logits', dims: [1, 1], data: Float32Array.of(0) },
  { name: 'loop.no_cache', dims: [0, 1, 1, 1], data: new Float32Array(0) },
  { name: 'loop.no_tokens', dims: [0, 1, 1], data: new BigInt64Array(0) },
  { name: 'loop.no_log_probs', dims: [0, 1, 1], data: new Float32Array(0) },
];

/** Nodes that take the choice of `head.ts` and move the rules on, as `ruleAfter` does. */
export function nextStepNodes(): OnnxNode[] {
  return [
    // the token forced in this step, or the chosen one
    node('Concat', [LOOP.forced, CHOICE.token], 'loop.candidates', { axis: 1 }),
    node('Reshape', [STEP, 'loop.shape_1'], 'loop.step_1'),
    node('Less', ['loop.step_1', LOOP.forcedCount], 'loop.is_forced'),
    node('Where', ['loop.is_forced', 'loop.step_1', LOOP.forcedCount], 'loop.candidate'),
    node('Gather', ['loop.candidates', 'loop.candidate'], 'loop.token', { axis: 1 }),
    node('Equal', ['loop.token', LOOP.endId], 'loop.ends'),
    node('Or', [LOOP.ended, 'loop.ends'], nextOf(LOOP.ended)),
    node('Where', [nextOf(LOOP.ended), LOOP.endId, 'loop.token'], nextOf('input_ids')),
    // times come in pairs
    node('Identity', [CHOICE.isTime], nextOf(LOOP.wasTime)),
    node('And', [CHOICE.isTime, LOOP.wasTime], 'loop.twice'),
    node('Not', [LOOP.wasTime], 'loop.was_text'),
    node('And', [CHOICE.isTime, 'loop.was_text'], 'loop.single'),
    node('Cast', ['loop.single'], 'loop.line', { to: INT64 }),
    node('Reshape', ['loop.line', 'loop.flat'], nextOf(HEAD.textLine)),
    node('Where', ['loop.twice', 'loop.zero', LOOP.timeCount], nextOf(HEAD.toTime)),
    // and do not go back
    node('Where', [CHOICE.isTime, CHOICE.time, LOOP.lastTime], nextOf(LOOP.lastTime)),
    node('Add', [nextOf(LOOP.lastTime), 'loop.one'], 'loop.later'),
    node('Where', ['loop.single', nextOf(LOOP.lastTime), 'loop.later'], 'loop.from_time'),
    node('Mul', ['loop.from_time', LOOP.monotonic], nextOf(HEAD.fromTime)),
    // until every row has ended
    node('Not', [nextOf(LOOP.ended)], 'loop.live'),
    node('Cast', ['loop.live'], 'loop.live_float', { to: FLOAT }),
    node('ReduceSum', ['loop.live_float'], 'loop.live_rows', { keepdims: 0 }),
    node('Cast', ['loop.live_rows'], nextOf(CONTINUE), { to: BOOL }),
    node('Identity', ['loop.token'], 'loop.token_chosen'),
    node('Identity', [CHOICE.logProb], 'loop.log_prob_chosen'),
    node('Identity', [LAST_LOGITS], 'loop.logits_behind'),
  ];
}

/** `TensorProto.DataType` of booleans: what is not 0 is true. */
const BOOL = 9;
