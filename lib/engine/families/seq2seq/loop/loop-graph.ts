import {
  bytesField,
  GRAPH,
  joinBytes,
  MODEL,
  type OnnxValue,
  opsetOf,
  writeGraph,
  writeNodeWithGraphs,
} from '@/lib/engine/onnx';
import {
  choiceNodes,
  FLOAT,
  HEAD_CONSTANTS,
  LAST_LOGITS,
  lastLogitsNodes,
  node,
  TABLE_INPUTS,
} from '../graph/head';
import {
  elementType,
  lastDimension,
  type MergedDecoder,
  rawFields,
  rawNodes,
  splitMergedDecoder,
} from '../graph/merged-decoder';
import { crossInput, early, hoistFrames } from './hoist';
import {
  CONTINUE,
  LOOP,
  LOOP_CONSTANTS,
  LOOP_INPUTS,
  nextOf,
  nextStepNodes,
  STATE,
  STEP,
  startOf,
} from './loop-step';

/** Outputs of the graph that runs many steps. */
export const CHOSEN = {
  /** [steps][rows][1] */
  tokens: 'chosen.tokens',
  logProbs: 'chosen.log_probs',
  /** Logits after the last step. [rows][vocabulary] */
  logits: 'chosen.logits',
} as const;

/** Inputs that a published graph does not have. */
export const ADDED_INPUTS: OnnxValue[] = [
  ...TABLE_INPUTS,
  ...LOOP_INPUTS,
  ...STATE.map((value) => ({ ...value, name: startOf(value.name) })),
];

/**
 * Whether an input of the published graph changes from step to step: its first value is named by `startOf`.
 */
export function changes(name: string): boolean {
  return name === 'input_ids' || DECODER_PAST.test(name);
}

const DECODER_PAST = /^past_key_values\.\d+\.decoder\.(?:key|value)$/;
const ENCODER_PAST = /^past_key_values\.\d+\.encoder\.(?:key|value)$/;

function isKnown(name: string): boolean {
  return STEADY.has(name) || changes(name) || ENCODER_PAST.test(name);
}

const STEADY = new Set(['encoder_hidden_states', 'encoder_attention_mask', 'use_cache_branch']);

/** The name under which the run without past outputs what the loop takes of the encoder. */
export const keptOf = (name: string): string => `kept.${name}`;
export const KEPT = /^kept\./;

/**
 * Turns a merged decoder into a graph that chooses many tokens in one run: its branch with past becomes the
 * body of an ONNX `Loop`, so that caches stay inside the runtime from step to step and the encoder's keys and
 * values are passed in once. The branch without past stays. Both share the weights, as before. Each step ends
 * with the choice of `head.ts` and updates the rules.
 * @returns `null` for a graph of another build
 */
export function loopGraph(model: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const merged = splitMergedDecoder(model);
  if (!merged) return null;
  const { inputs, outputs, results, withPast, withoutPast } = merged;
  // an input whose value in the next step is not given
  if ([...inputs.keys()].some((name) => !isKnown(name))) return null;
  const past = [...inputs.keys()].filter((name) => DECODER_PAST.test(name));
  if (past.some((name) => elementType(inputs.get(name)) !== FLOAT)) return null;
  const present = past.map((name) => name.replace('past_key_values', 'present'));
  const { cross, made, rest } = hoistFrames(withPast);
  const attentions = results.filter((name) => /^cross_attentions\.\d+$/.test(name));
  const needed = [...past, ...[...inputs.keys()].filter((name) => ENCODER_PAST.test(name))].map(
    (name) => name.replace('past_key_values', 'present'),
  );
  if (!['logits', ...needed].every((name) => results.includes(name))) return null;
  const inside = (branch: MergedDecoder['withPast'], name: string) =>
    branch.outputs[results.indexOf(name)] ?? '';

  const choose = choiceNodes(opsetOf(model));
  const carried = ['input_ids', ...past, ...STATE.map(({ name }) => name)];
  const presentOf = new Map(past.map((name, at) => [name, inside(withPast, present[at] ?? '')]));
  const carriedOn = carried.map((name) => presentOf.get(name) ?? nextOf(name));
  const body = [
    ...rest,
    writeGraph({
      nodes: [...lastLogitsNodes(inside(withPast, 'logits')), ...choose, ...nextStepNodes()],
      inputs: [
        { name: STEP, dims: [], type: 'int64' },
        { name: CONTINUE, dims: [], type: 'bool' },
        { name: 'input_ids', dims: ['rows', 1], type: 'int64' },
        ...past.map((name) => free(name, 4)),
        ...STATE,
        free('loop.logits_before', 2),
      ],
      outputs: [
        { name: nextOf(CONTINUE), dims: [], type: 'bool' },
        { name: nextOf('input_ids'), dims: ['rows', 1], type: 'int64' },
        ...past.map((name) => free(presentOf.get(name) ?? '', 4)),
        ...STATE.map((value) => ({ ...value, name: nextOf(value.name) })),
        free('loop.logits_behind', 2),
        { name: 'loop.token_chosen', dims: ['rows', 1], type: 'int64' },
        { name: 'loop.log_prob_chosen', dims: ['rows', 1] },
      ],
    }),
  ];
  const lastOf = (name: string) => `last.${name}`;
  const loop = {
    op: 'Loop',
    inputs: [LOOP.steps, 'loop.true', ...carried.map(startOf), 'loop.no_logits'],
    outputs: [
      ...carriedOn.map(lastOf),
      ...['logits', 'tokens', 'log_probs'].map((name) => lastOf(`chosen.${name}`)),
    ],
  };
  // results of the branch without past alone: the loop gives nothing in their place
  const once = [...cross.map(keptOf), ...attentions];
  const then = [
    ...bytesField(GRAPH.node, writeNodeWithGraphs(loop, { body })),
    writeGraph({
      nodes: once.map((name) => node('Identity', ['loop.no_cache'], lastOf(name))),
      outputs: [
        free(lastOf('chosen.logits'), 2),
        { ...free(lastOf('chosen.tokens'), 3), type: 'int64' },
        free(lastOf('chosen.log_probs'), 3),
        ...past.map((name) => free(lastOf(presentOf.get(name) ?? ''), 4)),
        ...once.map((name) => free(lastOf(name), 4)),
      ],
    }),
  ];
  const otherwise = [
    writeGraph({ nodes: [node('Identity', [startOf('input_ids')], 'input_ids')] }),
    ...rawNodes(withoutPast.nodes),
    ...rawFields(withoutPast.others),
    writeGraph({
      nodes: [...inputs.keys()]
        .filter((name) => ENCODER_PAST.test(name))
        .map((name) =>
          node(
            'Identity',
            [inside(withoutPast, name.replace('past_key_values', 'present'))],
            early(name),
          ),
        ),
    }),
    ...made,
    writeGraph({
      nodes: [
        ...lastLogitsNodes(inside(withoutPast, 'logits')),
        node('Identity', ['loop.no_tokens'], 'first.tokens'),
        node('Identity', ['loop.no_log_probs'], 'first.log_probs'),
      ],
      outputs: [
        free(LAST_LOGITS, 2),
        { ...free('first.tokens', 3), type: 'int64' },
        free('first.log_probs', 3),
        ...present.map((name) => free(inside(withoutPast, name), 4)),
        ...cross.map((name) => free(early(name), 4)),
        ...attentions.map((name) => free(inside(withoutPast, name), 4)),
      ],
    }),
  ];
  const branches = {
    op: 'If',
    inputs: ['use_cache_branch'],
    outputs: [CHOSEN.logits, CHOSEN.tokens, CHOSEN.logProbs, ...present, ...once],
  };
  return joinBytes([
    ...rawFields(merged.modelFields),
    ...bytesField(MODEL.graph, [
      ...rawFields(merged.initializers),
      ...rawNodes(merged.before),
      ...bytesField(
        GRAPH.node,
        writeNodeWithGraphs(branches, { then_branch: then, else_branch: otherwise }),
      ),
      ...[...inputs]
        .filter(([name]) => !ENCODER_PAST.test(name))
        .flatMap(([name, info]) =>
          bytesField(GRAPH.input, renamed(info, changes(name) ? startOf(name) : name)),
        ),
      ...[...present, ...attentions].flatMap((name) =>
        bytesField(GRAPH.output, [outputs.get(name) ?? new Uint8Array(0)]),
      ),
      writeGraph({
        constants: [...HEAD_CONSTANTS, ...LOOP_CONSTANTS],
        inputs: [...ADDED_INPUTS, ...cross.map((name) => free(crossInput(name), 4))],
        outputs: [
          ...cross.map((name) => free(keptOf(name), 4)),
          { name: CHOSEN.logits, dims: ['rows', lastDimension(outputs.get('logits')) ?? 'tokens'] },
          { ...free(CHOSEN.tokens, 3), type: 'int64' },
          free(CHOSEN.logProbs, 3),
        ],
      }),
    ]),
  ]);
}

/** A `ValueInfoProto` with another name: of a field that comes twice, the last one counts. */
function renamed(info: Uint8Array, name: string): Uint8Array[] {
  return [info, ...bytesField(1, [new TextEncoder().encode(name)])];
}

/** A value of 32-bit floats, all of whose dimensions are free. */
function free(name: string, rank: number): OnnxValue {
  return { name, dims: Array.from({ length: rank }, (_, axis) => `${name}.${axis}`) };
}
