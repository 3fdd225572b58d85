import { GRAPH } from '../../onnx/append';
import {
  type Branch,
  constantName,
  nameOf,
  type RawField,
  rawFields,
  rawNodes,
} from './graph-parts';

/**
 * Takes out of a branch what depends on the encoder's keys and values alone: in a loop it would be
 * computed anew in every step. Exports traced with `scaled_dot_product_attention` scale and turn
 * all keys there, which costs more than the attention itself.
 * @returns both parts, as fields of a graph
 */
export function hoistFrames({ nodes, others }: Branch): {
  hoisted: Uint8Array[];
  kept: Uint8Array[];
} {
  const varying = new Set<string>();
  const fromFrames = new Set<string>();
  const hoistable = new Set<number>();
  const maker = new Map<string, number>();
  for (const [at, { inputs, outputs, hasGraphs }] of nodes.entries()) {
    for (const output of outputs) maker.set(output, at);
    if (hasGraphs || inputs.some((name) => STEP_INPUT.test(name) || varying.has(name))) {
      for (const output of outputs) varying.add(output);
    } else if (inputs.some((name) => FRAME_INPUT.test(name) || fromFrames.has(name))) {
      for (const output of outputs) fromFrames.add(output);
      hoistable.add(at);
    }
  }
  // with all that they need: shapes and constants, which the loop sees outside as well
  const needed = new Set<string>();
  const queue = [...hoistable];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const input of nodes[at]?.inputs ?? []) {
      needed.add(input);
      const from = maker.get(input);
      if (from === undefined || hoistable.has(from)) continue;
      hoistable.add(from);
      queue.push(from);
    }
  const gone = new Set([...hoistable].flatMap((at) => nodes[at]?.outputs ?? []));
  const moves = ({ number, value }: RawField) =>
    value instanceof Uint8Array &&
    ((number === GRAPH.initializer && needed.has(constantName(value))) ||
      (number === GRAPH.valueInfo && gone.has(nameOf(value))));
  return {
    hoisted: [
      ...rawFields(others.filter(moves)),
      ...rawNodes(nodes.filter((_, at) => hoistable.has(at))),
    ],
    kept: [
      ...rawFields(others.filter((field) => !moves(field))),
      ...rawNodes(nodes.filter((_, at) => !hoistable.has(at))),
    ],
  };
}

const STEP_INPUT = /^(?:input_ids|past_key_values\.\d+\.decoder\..*)$/;
const FRAME_INPUT = /^past_key_values\.\d+\.encoder\..*$/;
