import {
  ATTRIBUTE,
  bytesField,
  GRAPH,
  MODEL,
  messages,
  NODE,
  numberField,
  readFields,
  texts,
} from '@/lib/engine/onnx';

/** A node as bytes, with what is needed to know about it. */
export interface GraphNode {
  bytes: Uint8Array;
  op: string;
  inputs: string[];
  outputs: string[];
  hasGraphs: boolean;
}

/** A published merged decoder, taken apart at its `If`; nothing is copied. */
export interface MergedDecoder {
  /** Fields of the model beside its graph. */
  modelFields: readonly RawField[];
  /** Nodes in front of the `If`. */
  before: GraphNode[];
  initializers: RawField[];
  /** `ValueInfoProto` by name. */
  inputs: Map<string, Uint8Array>;
  outputs: Map<string, Uint8Array>;
  /** The graph's names for the `If`'s outputs, in order: those of both branches are in the same. */
  results: string[];
  withPast: Branch;
  withoutPast: Branch;
}

/** One field, as it stands in its message. */
export interface RawField {
  number: number;
  value: number | Uint8Array;
}

export interface Branch {
  nodes: GraphNode[];
  /** Constants and descriptions. */
  others: RawField[];
  outputs: string[];
}

const FLAG = 'use_cache_branch';

/** @returns `null` for a graph of another build: one without `If`, or with more after it */
export function splitMergedDecoder(model: Uint8Array): MergedDecoder | null {
  const modelFields: RawField[] = [];
  const graphs: Uint8Array[] = [];
  for (const field of readFields(model)) {
    if (field.number === MODEL.graph && field.value instanceof Uint8Array) graphs.push(field.value);
    else modelFields.push(field);
  }
  const [graph] = graphs;
  if (!graph || graphs.length > 1) return null;
  const nodes: GraphNode[] = [];
  const initializers: RawField[] = [];
  const inputs = new Map<string, Uint8Array>();
  const outputs = new Map<string, Uint8Array>();
  for (const { number, value } of readFields(graph)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === GRAPH.node) nodes.push(readNode(value));
    else if (number === GRAPH.input) inputs.set(nameOf(value), value);
    else if (number === GRAPH.output) outputs.set(nameOf(value), value);
    else if (number === GRAPH.initializer || number === GRAPH.sparse)
      initializers.push({ number, value });
  }
  const at = nodes.findIndex(({ op }) => op === 'If');
  const split = nodes[at];
  if (!split || split.inputs[0] !== FLAG) return null;
  if (nodes.some(({ hasGraphs }, index) => hasGraphs && index !== at)) return null;
  const results = [...split.outputs];
  for (const { op, inputs: from, outputs: to } of nodes.slice(at + 1)) {
    const index = results.indexOf(from[0] ?? '');
    if (op !== 'Identity' || index < 0) return null;
    results[index] = to[0] ?? '';
  }
  const branches = readBranches(split.bytes);
  const withPast = branches.get('then_branch');
  const withoutPast = branches.get('else_branch');
  if (!withPast || !withoutPast) return null;
  if (!usesPast(withPast) || usesPast(withoutPast)) return null;
  return {
    modelFields,
    before: nodes.slice(0, at),
    initializers,
    inputs,
    outputs,
    results,
    withPast,
    withoutPast,
  };
}

function usesPast({ nodes }: Branch): boolean {
  return nodes.some(({ inputs }) => inputs.some((name) => name.startsWith('past_key_values.')));
}

function readBranches(node: Uint8Array): Map<string, Branch> {
  const branches = new Map<string, Branch>();
  for (const attribute of messages(node, NODE.attribute)) {
    const [graph] = messages(attribute, ATTRIBUTE.graph);
    if (graph) branches.set(nameOf(attribute), readBranch(graph));
  }
  return branches;
}

function readBranch(graph: Uint8Array): Branch {
  const branch: Branch = { nodes: [], others: [], outputs: [] };
  for (const { number, value } of readFields(graph)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === GRAPH.node) branch.nodes.push(readNode(value));
    else if (number === GRAPH.output) branch.outputs.push(nameOf(value));
    else if (number !== GRAPH.name && number !== GRAPH.doc) branch.others.push({ number, value });
  }
  return branch;
}

function readNode(bytes: Uint8Array): GraphNode {
  return {
    bytes,
    op: texts(bytes, NODE.op)[0] ?? '',
    inputs: texts(bytes, NODE.input),
    outputs: texts(bytes, NODE.output),
    hasGraphs: messages(bytes, NODE.attribute).some(
      (attribute) => messages(attribute, ATTRIBUTE.graph).length > 0,
    ),
  };
}

/** The name of a value, an attribute or anything else whose first field it is. */
export function nameOf(bytes: Uint8Array): string {
  return texts(bytes, 1)[0] ?? '';
}

/** `TensorProto.DataType` of a tensor described by a `ValueInfoProto`; 0 for anything else. */
export function elementType(info: Uint8Array = new Uint8Array(0)): number {
  for (const type of messages(info, 2))
    for (const tensor of messages(type, 1))
      for (const { number, value } of readFields(tensor))
        if (number === 1 && typeof value === 'number') return value;
  return 0;
}

/** The last dimension of a tensor described by a `ValueInfoProto`; `null` when it is free. */
export function lastDimension(info: Uint8Array = new Uint8Array(0)): number | null {
  const dimensions = messages(info, 2)
    .flatMap((type) => messages(type, 1))
    .flatMap((tensor) => messages(tensor, 2))
    .flatMap((shape) => messages(shape, 1));
  for (const { number, value } of readFields(dimensions.at(-1) ?? new Uint8Array(0)))
    if (number === 1 && typeof value === 'number') return value;
  return null;
}

/** The name of a constant. */
export function constantName(bytes: Uint8Array): string {
  return texts(bytes, CONSTANT_NAME)[0] ?? '';
}

/** Fields as they stand in a file. */
export function rawFields(fields: readonly RawField[]): Uint8Array[] {
  return fields.flatMap(({ number, value }) =>
    value instanceof Uint8Array ? bytesField(number, [value]) : [numberField(number, value)],
  );
}

/** Nodes as fields of a graph. */
export function rawNodes(nodes: readonly GraphNode[]): Uint8Array[] {
  return nodes.flatMap(({ bytes }) => bytesField(GRAPH.node, [bytes]));
}

/** A node that reads and makes other values; without its name, of which a graph may have but one. */
export function renamedNode(bytes: Uint8Array, rename: (name: string) => string): Uint8Array[] {
  const renamed = (value: Uint8Array) =>
    new TextEncoder().encode(rename(new TextDecoder().decode(value)));
  const fields = Array.from(readFields(bytes)).filter(({ number }) => number !== NODE.name);
  return rawFields(
    fields.map(({ number, value }) =>
      (number === NODE.input || number === NODE.output) && value instanceof Uint8Array
        ? { number, value: renamed(value) }
        : { number, value },
    ),
  );
}

/** A constant as a field of a graph, by another name: of a field that comes twice the last one counts. */
export function renamedConstant(
  { number, value }: RawField,
  rename: (name: string) => string,
): Uint8Array[] {
  if (!(value instanceof Uint8Array)) return [];
  const name = new TextEncoder().encode(rename(constantName(value)));
  return bytesField(number, [value, ...bytesField(CONSTANT_NAME, [name])]);
}

const CONSTANT_NAME = 8;
