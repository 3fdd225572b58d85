import { bytesField, joinBytes } from './fields';
import { type OnnxGraph, type OnnxNode, writeModel } from './format';
import { messages, readFields } from './read';

export { bytesField, joinBytes, numberField } from './fields';

/**
 * Changes to a published graph on its bytes, so that weights are never decoded. Protocol Buffers
 * merge by concatenation: fields of an embedded message that come twice are put together, and
 * repeated ones are put behind each other. Field numbers are those of onnx.proto3.
 */

/** Field of `ModelProto` that holds the graph. */
export const MODEL_GRAPH = 7;
/** Fields of `GraphProto`. */
export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  doc: 10,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparse: 15,
} as const;

/** A published graph with these nodes, constants, inputs and outputs more. */
export function appendToGraph(model: Uint8Array, more: OnnxGraph): Uint8Array<ArrayBuffer> {
  return joinBytes([model, ...bytesField(MODEL_GRAPH, [writeGraph(more)])]);
}

/** The bytes of a `GraphProto`. */
export function writeGraph(graph: Partial<OnnxGraph>): Uint8Array {
  const whole = { inputs: [], outputs: [], constants: [], nodes: [], ...graph };
  return messages(writeModel('part', whole), MODEL_GRAPH)[0] ?? new Uint8Array(0);
}

/** The bytes of a node with graphs for attributes, which are themselves given as bytes. */
export function writeNodeWithGraphs(
  node: OnnxNode,
  graphs: Record<string, readonly Uint8Array[]>,
): Uint8Array[] {
  const plain = messages(writeGraph({ nodes: [node] }), GRAPH.node)[0] ?? new Uint8Array(0);
  const attributes = Object.entries(graphs).flatMap(([name, pieces]) =>
    bytesField(NODE_ATTRIBUTE, [
      ...bytesField(1, [new TextEncoder().encode(name)]),
      ...bytesField(ATTRIBUTE_GRAPH, pieces),
      ATTRIBUTE_IS_GRAPH,
    ]),
  );
  return [plain, ...attributes];
}

const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;
/** `type: GRAPH` of an `AttributeProto`: field 20, a number, 5. */
const ATTRIBUTE_IS_GRAPH = Uint8Array.from([0xa0, 0x01, 0x05]);

/** Version of ONNX's own operators that a model is written in. */
export function opsetOf(model: Uint8Array): number {
  for (const set of messages(model, 8)) {
    let domain = 0;
    let version = 0;
    for (const { number, value } of readFields(set)) {
      if (number === 1 && value instanceof Uint8Array) domain = value.length;
      if (number === 2 && typeof value === 'number') version = value;
    }
    if (domain === 0) return version;
  }
  return 1;
}
