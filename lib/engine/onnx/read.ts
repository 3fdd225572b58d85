import {
  ATTRIBUTE,
  DIMENSION,
  ELEMENT_TYPES,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema';
import { messages, packedVarints, readFields, texts } from './wire';

/** A node of a published graph. */
export interface ReadNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** `AttributeProto`s, by name. */
  attributes: ReadonlyMap<string, Uint8Array>;
}

/** A constant of a published graph. Its bytes are those of the file: nothing is copied. */
export interface ReadTensor {
  dims: readonly number[];
  type: 'float32' | 'int8' | 'uint8' | 'other';
  /** Values as they lie in the file, little-endian, at any offset. */
  bytes: Uint8Array;
}

/** A published graph, read from its bytes. */
export interface ReadGraph {
  nodes: ReadNode[];
  /** By name; those of `Constant` nodes too. */
  constants: ReadonlyMap<string, ReadTensor>;
}

const TYPES: Readonly<Record<number, ReadTensor['type']>> = {
  [ELEMENT_TYPES.float32]: 'float32',
  [ELEMENT_TYPES.uint8]: 'uint8',
  [ELEMENT_TYPES.int8]: 'int8',
};

/**
 * Reads a model's nodes and constants.
 * @param externalData bytes beside the file, by the path that the file gives
 * @throws RangeError when the bytes are not an ONNX file
 */
export function readGraph(model: Uint8Array, externalData: ExternalFiles = new Map()): ReadGraph {
  return readGraphs(messages(model, MODEL.graph), externalData, new Map());
}

/**
 * Reads a branch of an `If` of a graph, whose constants can be used in it.
 * @param name of the attribute: `then_branch` or `else_branch`
 * @throws RangeError when the bytes are not an ONNX file
 */
export function readBranch(
  { constants }: ReadGraph,
  node: ReadNode,
  name: string,
  externalData: ExternalFiles = new Map(),
): ReadGraph {
  const attribute = node.attributes.get(name) ?? new Uint8Array(0);
  return readGraphs(messages(attribute, ATTRIBUTE.graph), externalData, constants);
}

/** Bytes beside a file, by the path that it gives. */
type ExternalFiles = ReadonlyMap<string, Uint8Array>;

function readGraphs(
  graphs: readonly Uint8Array[],
  externalData: ExternalFiles,
  around: ReadGraph['constants'],
): ReadGraph {
  const nodes: ReadNode[] = [];
  const constants = new Map(around);
  const keep = (bytes: Uint8Array, name = texts(bytes, TENSOR.name)[0]) => {
    const tensor = readTensor(bytes, externalData);
    if (tensor && name !== undefined) constants.set(name, tensor);
  };
  for (const graph of graphs)
    for (const { number, value } of readFields(graph)) {
      if (!(value instanceof Uint8Array)) continue;
      if (number === GRAPH.initializer) keep(value);
      if (number !== GRAPH.node) continue;
      const node = readNode(value);
      nodes.push(node);
      const [tensor] = messages(
        node.attributes.get('value') ?? new Uint8Array(0),
        ATTRIBUTE.tensor,
      );
      if (node.op === 'Constant' && tensor) keep(tensor, node.outputs[0]);
    }
  return { nodes, constants };
}

function readNode(bytes: Uint8Array): ReadNode {
  return {
    op: texts(bytes, NODE.op)[0] ?? '',
    inputs: texts(bytes, NODE.input),
    outputs: texts(bytes, NODE.output),
    attributes: new Map(
      messages(bytes, NODE.attribute).map((one) => [texts(one, ATTRIBUTE.name)[0] ?? '', one]),
    ),
  };
}

/** @returns `null` for a constant whose bytes are not at hand */
function readTensor(bytes: Uint8Array, externalData: ExternalFiles): ReadTensor | null {
  const dims: number[] = [];
  const place = new Map<string, string>();
  let type: ReadTensor['type'] = 'other';
  let data: Uint8Array | null = null;
  for (const { number, value } of readFields(bytes)) {
    if (number === TENSOR.dims)
      dims.push(...(typeof value === 'number' ? [value] : packedVarints(value)));
    else if (number === TENSOR.type && typeof value === 'number') type = TYPES[value] ?? 'other';
    else if (typeof value === 'number') continue;
    else if (number === TENSOR.raw || number === TENSOR.floats) data = value;
    else if (number === TENSOR.ints) data = Uint8Array.from(packedVarints(value));
    else if (number === TENSOR.external)
      place.set(texts(value, ENTRY.key)[0] ?? '', texts(value, ENTRY.value)[0] ?? '');
  }
  const location = place.get('location');
  if (location === undefined) return data && { dims, type, bytes: data };
  const file = externalData.get(location);
  const offset = Number(place.get('offset') ?? 0);
  const length = Number(place.get('length') ?? (file?.length ?? 0) - offset);
  if (!file || offset + length > file.length) return null;
  return { dims, type, bytes: file.subarray(offset, offset + length) };
}

/** The values of a constant of floats, as a copy; `null` for any other. */
export function floatValues({ type, bytes }: ReadTensor): Float32Array | null {
  if (type !== 'float32' || bytes.length % 4 !== 0) return null;
  return new Float32Array(bytes.slice().buffer);
}

/** An attribute that is a list of integers, such as `perm`; empty where there is none. */
export function integersOf({ attributes }: ReadNode, name: string): number[] {
  const numbers: number[] = [];
  for (const { number, value } of readFields(attributes.get(name) ?? new Uint8Array(0)))
    if (number === ATTRIBUTE.integers)
      numbers.push(...(typeof value === 'number' ? [value] : packedVarints(value)));
  return numbers;
}

/** A `TensorProto` of floats with raw data; `null` for any other. */
export function readFloatTensor(bytes: Uint8Array): { dims: number[]; data: Float32Array } | null {
  const dims: number[] = [];
  let type = 0;
  let raw: Uint8Array | null = null;
  for (const { number, value } of readFields(bytes)) {
    if (number === TENSOR.dims && typeof value === 'number') dims.push(value);
    // the numbers of a repeated field may also come packed
    else if (number === TENSOR.dims && value instanceof Uint8Array)
      dims.push(...packedVarints(value));
    else if (number === TENSOR.type && typeof value === 'number') type = value;
    else if (number === TENSOR.raw && value instanceof Uint8Array) raw = value;
  }
  if (type !== ELEMENT_TYPES.float32 || !raw) return null;
  // a copy, since the bytes need not lie at a multiple of four
  return { dims, data: new Float32Array(new Uint8Array(raw).buffer) };
}

/** An input or output of a model. */
export interface ModelValue {
  name: string;
  type: keyof typeof ELEMENT_TYPES | 'other';
  /** One entry for each dimension; `null` for a free one. */
  dims: (number | null)[];
}

/** How a model is run, and what its publisher says about it. */
export interface ModelInterface {
  inputs: ModelValue[];
  outputs: ModelValue[];
  /** `metadata_props`, by key. */
  metadata: ReadonlyMap<string, string>;
}

/**
 * Reads what a model takes and gives, without its weights.
 * @throws RangeError when the bytes are not an ONNX file
 */
export function readInterface(model: Uint8Array): ModelInterface {
  const inputs: ModelValue[] = [];
  const outputs: ModelValue[] = [];
  const weights = new Set<string>();
  for (const graph of messages(model, MODEL.graph))
    for (const { number, value } of readFields(graph)) {
      if (!(value instanceof Uint8Array)) continue;
      if (number === GRAPH.input) inputs.push(readValue(value));
      if (number === GRAPH.output) outputs.push(readValue(value));
      if (number === GRAPH.initializer) weights.add(texts(value, TENSOR.name)[0] ?? '');
    }
  const metadata = messages(model, MODEL.metadata).map(
    (entry) => [texts(entry, ENTRY.key)[0] ?? '', texts(entry, ENTRY.value)[0] ?? ''] as const,
  );
  // older exporters list weights among the inputs, too
  const graphInputs = inputs.filter(({ name }) => !weights.has(name));
  return { inputs: graphInputs, outputs, metadata: new Map(metadata) };
}

function readValue(bytes: Uint8Array): ModelValue {
  const tensor = messages(bytes, VALUE.type).flatMap((type) => messages(type, TYPE.tensor))[0];
  let type: ModelValue['type'] = 'other';
  const dims: ModelValue['dims'] = [];
  if (tensor) {
    const code = numberOf(tensor, TENSOR_TYPE.elementType);
    for (const [name, value] of Object.entries(ELEMENT_TYPES))
      if (value === code) type = name as keyof typeof ELEMENT_TYPES; // entries lose the keys' type
    for (const shape of messages(tensor, TENSOR_TYPE.shape))
      for (const dimension of messages(shape, SHAPE.dimension))
        dims.push(numberOf(dimension, DIMENSION.size));
  }
  return { name: texts(bytes, VALUE.name)[0] ?? '', type, dims };
}

function numberOf(bytes: Uint8Array, field: number): number | null {
  for (const { number, value } of readFields(bytes))
    if (number === field && typeof value === 'number') return value;
  return null;
}
