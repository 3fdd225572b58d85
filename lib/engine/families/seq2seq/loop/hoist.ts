import { bytesField, GRAPH, messages, readFields, writeGraph } from '@/lib/engine/onnx';
import { node } from '../graph/head';
import {
  type Branch,
  constantName,
  type GraphNode,
  rawFields,
  rawNodes,
  renamedConstant,
  renamedNode,
} from '../graph/merged-decoder';

/** A branch with past, without what only depends on the encoder's keys and values. */
export interface Hoisted {
  /**
   * What the rest of the branch reads of the encoder's keys and values, by the names in the branch: inputs of
   * every run, renamed by `crossInput`.
   */
  cross: string[];
  /** Fields of a graph that compute them, from the encoder's keys and values under `early`. */
  made: Uint8Array[];
  /** The rest, as fields of a graph. */
  rest: Uint8Array[];
}

/** The name that a value of the branch has where it is computed early. */
export const early = (name: string): string => `early.${name}`;
/** The name of the input by which the rest reads it: both branches may have values of the original name. */
export const crossInput = (name: string): string => `cross.${name}`;

/** The encoder's keys and values among the inputs of a published graph. */
export const FRAMES = /^past_key_values\.\d+\.encoder\.(?:key|value)$/;
const STEP_INPUT = /^(?:input_ids|past_key_values\.\d+\.decoder\..*)$/;

/**
 * Moves the transposing and scaling of the encoder's keys out of a branch: in a loop it would be done again
 * in every step, which costs more than the attention itself. Values keep their type, and rows stay the first
 * dimension.
 */
export function hoistFrames({ nodes, others }: Branch): Hoisted {
  const varying = new Set<string>();
  const fromFrames = new Set<string>();
  const hoisted: GraphNode[] = [];
  const maker = new Map(nodes.flatMap((made) => made.outputs.map((name) => [name, made])));
  for (const made of nodes) {
    const { inputs, outputs, hasGraphs } = made;
    const frames = inputs.filter((name) => FRAMES.test(name) || fromFrames.has(name));
    const changes = hasGraphs || inputs.some((name) => STEP_INPUT.test(name) || varying.has(name));
    if (!changes && frames.length === 1 && canBeEarly(made)) {
      hoisted.push(made);
      for (const output of outputs) fromFrames.add(output);
      // what else is made of frames, such as their number, stays
    } else if (changes || frames.length > 0) for (const output of outputs) varying.add(output);
  }
  const isHoisted = new Set(hoisted);
  const kept = nodes.filter((made) => !isHoisted.has(made));
  const read = new Set(kept.flatMap(({ inputs }) => inputs));
  const cross = [
    ...new Set(nodes.flatMap(({ inputs }) => inputs.filter((name) => FRAMES.test(name)))),
    ...fromFrames,
  ].filter((name) => read.has(name));

  // with the constants that it needs, which may be needed by the rest as well
  const needed = new Set(hoisted);
  const names = new Set<string>();
  for (const made of needed)
    for (const input of made.inputs) {
      names.add(input);
      const from = maker.get(input);
      if (from) needed.add(from);
    }
  const constants = others.filter(
    ({ number, value }) =>
      number === GRAPH.initializer && value instanceof Uint8Array && names.has(constantName(value)),
  );
  const own = new Set([
    ...[...needed].flatMap(({ outputs }) => outputs),
    ...[...names].filter((name) => FRAMES.test(name)),
    ...constants.map(({ value }) => (value instanceof Uint8Array ? constantName(value) : '')),
  ]);
  const rename = (name: string) => (own.has(name) ? early(name) : name);
  return {
    cross,
    made: [
      ...constants.flatMap((field) => renamedConstant(field, rename)),
      ...nodes
        .filter((made) => needed.has(made))
        .flatMap(({ bytes }) => bytesField(GRAPH.node, renamedNode(bytes, rename))),
    ],
    rest: [
      ...rawFields(others),
      ...kept.flatMap((made) => keptNode(made, { cross, fromFrames, maker })),
    ],
  };
}

/** Transposes or scales its input, row by row. */
function canBeEarly({ op, bytes }: GraphNode): boolean {
  if (op === 'Mul' || op === 'Div') return true;
  if (op !== 'Transpose') return false;
  // the first of its numbers, which may come packed: 0 leaves rows where they are
  for (const attribute of messages(bytes, 5))
    for (const { number, value } of readFields(attribute))
      if (number === 8) return (typeof value === 'number' ? value : value[0]) === 0;
  return false;
}

/** A node of the rest, which reads those keys and values by their new names. */
function keptNode(
  made: GraphNode,
  branch: {
    cross: readonly string[];
    fromFrames: ReadonlySet<string>;
    maker: ReadonlyMap<string, GraphNode>;
  },
): Uint8Array[] {
  const guarded = isGuarded(made, branch) ? made.inputs[0] : undefined;
  const guard = `guard.${made.outputs[0] ?? ''}`;
  const isCross = (name: string) => branch.cross.includes(name);
  if (guarded === undefined && !made.inputs.some(isCross)) return rawNodes([made]);
  const rename = (name: string) => {
    if (name === guarded) return guard;
    return isCross(name) ? crossInput(name) : name;
  };
  return [
    // the largest of one
    ...(guarded === undefined ? [] : [writeGraph({ nodes: [node('Max', [guarded], guard)] })]),
    ...bytesField(GRAPH.node, renamedNode(made.bytes, rename)),
  ];
}

/**
 * Whether it is a product with early values whose other factor was scaled right before: ONNX Runtime
 * would make one operator of both, which for a single row takes twice as long as the product alone.
 */
function isGuarded(
  { op, inputs: [left = '', right = ''] }: GraphNode,
  { fromFrames, maker }: { fromFrames: ReadonlySet<string>; maker: ReadonlyMap<string, GraphNode> },
): boolean {
  const scaling = maker.get(left)?.op;
  return op === 'MatMul' && fromFrames.has(right) && (scaling === 'Mul' || scaling === 'Div');
}
