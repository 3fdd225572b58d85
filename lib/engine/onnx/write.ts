import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  ELEMENT_TYPES,
  ENTRY,
  EXTERNAL,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema';
import { bytesField, floatField, joinBytes, messages, numberField, readFields } from './wire';

export type OnnxType = keyof typeof ELEMENT_TYPES;

/** A constant tensor. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  /** Says the element type; booleans are bytes of 0 and 1. */
  data: Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;
  /** Booleans: the one type that the data does not determine. */
  type?: 'bool';
  /** The data lies in another file, beside the graph's, from this byte on. */
  external?: { location: string; offset: number };
}

/** An attribute of a node: an integer, some integers, text, a float, or a subgraph. */
type OnnxAttribute = number | number[] | string | { float: number } | { graph: OnnxSubgraph };

export interface OnnxNode {
  /** No two nodes of one graph may have the same; none when not given. */
  name?: string;
  op: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, OnnxAttribute>;
  /** Operator set, such as `com.microsoft`; ONNX's own when not given. */
  domain?: string;
}

/** An input or output of the graph; a dimension given by a name is free. */
export interface OnnxValue {
  name: string;
  dims: (number | string)[];
  /** `float32` when not given. */
  type?: OnnxType;
}

/** A branch of an `If`: takes no inputs, sees the names of the graph around it. */
export interface OnnxSubgraph {
  name: string;
  outputs: OnnxValue[];
  nodes: OnnxNode[];
}

export interface OnnxGraph {
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  constants: OnnxTensor[];
  nodes: OnnxNode[];
}

export interface WriteOptions {
  /** Version of ONNX's own operators; 16 when not given. */
  opset?: number;
  /** Versions of further operator sets, by name. */
  domains?: Record<string, number>;
}

/** `ModelProto.ir_version` that goes with the operator sets 15 to 18. */
const IR_VERSION = 8;

/** The bytes of an ONNX model with this graph. */
export function writeModel(
  name: string,
  graph: OnnxGraph,
  { opset = 16, domains = {} }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const versions = Object.entries({ '': opset, ...domains });
  const body = [
    ...graph.nodes.flatMap((node) => bytesField(GRAPH.node, writeNode(node))),
    ...bytesField(GRAPH.name, text(name)),
    ...graph.constants.flatMap((tensor) => bytesField(GRAPH.initializer, writeTensor(tensor))),
    ...graph.inputs.flatMap((value) => bytesField(GRAPH.input, writeValue(value))),
    ...graph.outputs.flatMap((value) => bytesField(GRAPH.output, writeValue(value))),
  ];
  return joinBytes([
    numberField(MODEL.irVersion, IR_VERSION),
    ...bytesField(MODEL.graph, body),
    ...versions.flatMap(([domain, version]) =>
      bytesField(MODEL.opsetImport, [
        ...bytesField(OPSET.domain, text(domain)),
        numberField(OPSET.version, version),
      ]),
    ),
  ]);
}

/** A message in pieces: put together once, at the end, since weights may be hundreds of MB. */
type Pieces = Uint8Array[];

function writeNode({ name, op, inputs, outputs, attributes = {}, domain }: OnnxNode): Pieces {
  return [
    ...inputs.flatMap((input) => bytesField(NODE.input, text(input))),
    ...outputs.flatMap((output) => bytesField(NODE.output, text(output))),
    ...(name ? bytesField(NODE.name, text(name)) : []),
    ...bytesField(NODE.op, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      bytesField(NODE.attribute, writeAttribute(name, value)),
    ),
    ...(domain ? bytesField(NODE.domain, text(domain)) : []),
  ];
}

function writeAttribute(name: string, value: OnnxAttribute): Pieces {
  const label = bytesField(ATTRIBUTE.name, text(name));
  if (typeof value === 'number')
    return [
      ...label,
      numberField(ATTRIBUTE.integer, value),
      numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer),
    ];
  if (typeof value === 'string')
    return [
      ...label,
      ...bytesField(ATTRIBUTE.text, text(value)),
      numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.text),
    ];
  if (Array.isArray(value))
    return [
      ...label,
      ...value.map((one) => numberField(ATTRIBUTE.integers, one)),
      numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers),
    ];
  if ('float' in value)
    return [
      ...label,
      floatField(ATTRIBUTE.float, value.float),
      numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.float),
    ];
  return [
    ...label,
    ...bytesField(ATTRIBUTE.graph, writeSubgraph(value.graph)),
    numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.graph),
  ];
}

function writeSubgraph({ name, nodes, outputs }: OnnxSubgraph): Pieces {
  return [
    ...nodes.flatMap((node) => bytesField(GRAPH.node, writeNode(node))),
    ...bytesField(GRAPH.name, text(name)),
    ...outputs.flatMap((value) => bytesField(GRAPH.output, writeValue(value))),
  ];
}

function writeTensor({ name, dims, data, type, external }: OnnxTensor): Pieces {
  const head = [
    ...dims.map((dim) => numberField(TENSOR.dims, dim)),
    numberField(TENSOR.type, ELEMENT_TYPES[type ?? elementType(data)]),
    ...bytesField(TENSOR.name, text(name)),
  ];
  if (!external)
    return [
      ...head,
      ...bytesField(TENSOR.raw, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
    ];
  const { location, offset } = external;
  const place = Object.entries({ location, offset: `${offset}`, length: `${data.byteLength}` });
  return [
    ...head,
    ...place.flatMap(([key, value]) =>
      bytesField(TENSOR.external, [
        ...bytesField(ENTRY.key, text(key)),
        ...bytesField(ENTRY.value, text(value)),
      ]),
    ),
    numberField(TENSOR.location, EXTERNAL),
  ];
}

function elementType(data: OnnxTensor['data']): OnnxType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Int8Array ? 'int8' : 'uint8';
}

function writeValue({ name, dims, type = 'float32' }: OnnxValue): Pieces {
  const shape = dims.flatMap((dim) =>
    bytesField(
      SHAPE.dimension,
      typeof dim === 'number'
        ? [numberField(DIMENSION.size, dim)]
        : bytesField(DIMENSION.name, text(dim)),
    ),
  );
  const tensor = [
    numberField(TENSOR_TYPE.elementType, ELEMENT_TYPES[type]),
    ...bytesField(TENSOR_TYPE.shape, shape),
  ];
  return [
    ...bytesField(VALUE.name, text(name)),
    ...bytesField(VALUE.type, bytesField(TYPE.tensor, tensor)),
  ];
}

function text(value: string): Pieces {
  return [new TextEncoder().encode(value)];
}

/**
 * Appends nodes, constants, inputs and outputs to a published graph on its bytes, so that weights are
 * never decoded. Protocol Buffers merge by concatenation: an embedded message that comes twice is
 * merged field by field, and repeated fields are appended.
 */
export function appendToGraph(model: Uint8Array, more: OnnxGraph): Uint8Array<ArrayBuffer> {
  return joinBytes([model, ...bytesField(MODEL.graph, [writeGraph(more)])]);
}

/** The bytes of a `GraphProto`. */
export function writeGraph(graph: Partial<OnnxGraph>): Uint8Array {
  const whole = { inputs: [], outputs: [], constants: [], nodes: [], ...graph };
  return messages(writeModel('part', whole), MODEL.graph)[0] ?? new Uint8Array(0);
}

/** The bytes of a node with graphs for attributes, which are themselves given as bytes. */
export function writeNodeWithGraphs(
  node: OnnxNode,
  graphs: Record<string, readonly Uint8Array[]>,
): Uint8Array[] {
  const plain = messages(writeGraph({ nodes: [node] }), GRAPH.node)[0] ?? new Uint8Array(0);
  const attributes = Object.entries(graphs).flatMap(([name, pieces]) =>
    bytesField(NODE.attribute, [
      ...bytesField(ATTRIBUTE.name, text(name)),
      ...bytesField(ATTRIBUTE.graph, pieces),
      numberField(ATTRIBUTE.type, ATTRIBUTE_TYPE.graph),
    ]),
  );
  return [plain, ...attributes];
}

/** Version of ONNX's own operators that a model is written in. */
export function opsetOf(model: Uint8Array): number {
  for (const set of messages(model, MODEL.opsetImport)) {
    let domain = 0;
    let version = 0;
    for (const { number, value } of readFields(set)) {
      if (number === OPSET.domain && value instanceof Uint8Array) domain = value.length;
      if (number === OPSET.version && typeof value === 'number') version = value;
    }
    if (domain === 0) return version;
  }
  return 1;
}
