import { AppError } from '@/lib/core';
import { GRAPH, MODEL, messages, NODE, texts } from '@/lib/engine/onnx';
import type { GraphValue, InferenceSession } from '@/lib/engine/runtime';

/** An input or output that a graph must have; `null` dimensions may be anything. */
interface Wanted {
  name: string;
  type: GraphValue['type'];
  dims: readonly (number | null)[];
}

/** The inputs and outputs that a family reads and writes. */
export interface GraphInterface {
  inputs: readonly Wanted[];
  outputs: readonly Wanted[];
}

/** Whether a graph takes just these inputs and has these outputs, perhaps among others. */
export function hasInterface(
  session: InferenceSession,
  { inputs, outputs }: GraphInterface,
): boolean {
  const matches = (found: readonly GraphValue[]) => (wanted: Wanted) =>
    found.some((value) => value.name === wanted.name && fits(value, wanted));
  return (
    session.inputs.length === inputs.length &&
    inputs.every(matches(session.inputs)) &&
    outputs.every(matches(session.outputs))
  );
}

/**
 * Refuses a graph with another interface.
 * @param part what the graph is in its model: "encoder"
 * @throws MODEL_UNSUPPORTED with what was found
 */
export function requireInterface(
  session: InferenceSession,
  part: string,
  wanted: GraphInterface,
): void {
  if (!hasInterface(session, wanted)) throw unknownInterface(session, part);
}

/** The error for a graph whose interface no layout has. */
export function unknownInterface(session: InferenceSession, part: string): AppError {
  const list = (values: readonly GraphValue[]) =>
    values.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join('; ');
  return new AppError('MODEL_UNSUPPORTED', `The ${part} has inputs or outputs of another kind.`, {
    details: { inputs: list(session.inputs), outputs: list(session.outputs) },
  });
}

function fits({ type, shape }: GraphValue, wanted: Wanted): boolean {
  return (
    type === wanted.type &&
    shape.length === wanted.dims.length &&
    wanted.dims.every((dim, at) => {
      const found = shape[at];
      return dim === null || typeof found !== 'number' || found === dim;
    })
  );
}

/** A dimension of an input or output, or `null` where the graph leaves it free. */
export function dimensionOf(
  values: readonly GraphValue[],
  name: string,
  axis: number,
): number | null {
  const found = values.find((value) => value.name === name)?.shape[axis];
  return typeof found === 'number' ? found : null;
}

/**
 * Whether a graph rounds its inputs to the range that they have in each run. What comes out for one
 * row then depends on the rows beside it, so that each must run alone.
 */
export function roundsByRun(graph: Uint8Array): boolean {
  return messages(graph, MODEL.graph)
    .flatMap((body) => messages(body, GRAPH.node))
    .some((node) => texts(node, NODE.op).some((op) => op.startsWith('DynamicQuantize')));
}
