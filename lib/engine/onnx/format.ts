import { bytesField, floatField, joinBytes, numberField } from './fields';

/**
 * As much of the ONNX file format as is needed to write a graph. Field numbers are those of
 * onnx.proto3; the wire format is Protocol Buffers.
 */

/** Element types, by their names in ONNX Runtime, with their numbers in `TensorProto.DataType`. */
const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;

export type OnnxType = keyof typeof ELEMENT_TYPES;

/** A constant tensor. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  /** Says the element type; booleans are bytes of 0 and 1. */
  data: Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;
  /** Booleans: the one type that the data does not tell. */
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

/** Numbers in `AttributeProto.AttributeType`. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/** `ModelProto.ir_version` that goes with the operator sets 15 to 18. */
const IR_VERSION = 8;

/** `TensorProto.DataLocation`: in a file of its own. */
const EXTERNAL = 1;

/** The bytes of an ONNX model with this graph. */
export function writeModel(
  name: string,
  graph: OnnxGraph,
  { opset = 16, domains = {} }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const versions = Object.entries({ '': opset, ...domains });
  const body = [
    ...graph.nodes.flatMap((node) => bytesField(1, writeNode(node))),
    ...bytesField(2, text(name)),
    ...graph.constants.flatMap((tensor) => bytesField(5, writeTensor(tensor))),
    ...graph.inputs.flatMap((value) => bytesField(11, writeValue(value))),
    ...graph.outputs.flatMap((value) => bytesField(12, writeValue(value))),
  ];
  return joinBytes([
    numberField(1, IR_VERSION),
    ...bytesField(7, body),
    ...versions.flatMap(([domain, version]) =>
      bytesField(8, [...bytesField(1, text(domain)), numberField(2, version)]),
    ),
  ]);
}

/** A message in pieces: put together once, at the end, since weights may be hundreds of MB. */
type Pieces = Uint8Array[];

function writeNode({ name, op, inputs, outputs, attributes = {}, domain }: OnnxNode): Pieces {
  return [
    ...inputs.flatMap((input) => bytesField(1, text(input))),
    ...outputs.flatMap((output) => bytesField(2, text(output))),
    ...(name ? bytesField(3, text(name)) : []),
    ...bytesField(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      bytesField(5, writeAttribute(name, value)),
    ),
    ...(domain ? bytesField(7, text(domain)) : []),
  ];
}

function writeAttribute(name: string, value: OnnxAttribute): Pieces {
  const label = bytesField(1, text(name));
  if (typeof value === 'number')
    return [...label, numberField(3, value), numberField(20, ATTRIBUTE.int)];
  if (typeof value === 'string')
    return [...label, ...bytesField(4, text(value)), numberField(20, ATTRIBUTE.string)];
  if (Array.isArray(value))
    return [...label, ...value.map((one) => numberField(8, one)), numberField(20, ATTRIBUTE.ints)];
  if ('float' in value)
    return [...label, floatField(2, value.float), numberField(20, ATTRIBUTE.float)];
  return [...label, ...bytesField(6, writeSubgraph(value.graph)), numberField(20, ATTRIBUTE.graph)];
}

function writeSubgraph({ name, nodes, outputs }: OnnxSubgraph): Pieces {
  return [
    ...nodes.flatMap((node) => bytesField(1, writeNode(node))),
    ...bytesField(2, text(name)),
    ...outputs.flatMap((value) => bytesField(12, writeValue(value))),
  ];
}

function writeTensor({ name, dims, data, type, external }: OnnxTensor): Pieces {
  const head = [
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, ELEMENT_TYPES[type ?? elementType(data)]),
    ...bytesField(8, text(name)),
  ];
  if (!external)
    return [
      ...head,
      ...bytesField(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
    ];
  const { location, offset } = external;
  const place = Object.entries({ location, offset: `${offset}`, length: `${data.byteLength}` });
  return [
    ...head,
    ...place.flatMap(([key, value]) =>
      bytesField(13, [...bytesField(1, text(key)), ...bytesField(2, text(value))]),
    ),
    numberField(14, EXTERNAL),
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
    bytesField(1, typeof dim === 'number' ? [numberField(1, dim)] : bytesField(2, text(dim))),
  );
  const tensor = [numberField(1, ELEMENT_TYPES[type]), ...bytesField(2, shape)];
  return [...bytesField(1, text(name)), ...bytesField(2, bytesField(1, tensor))];
}

function text(value: string): Pieces {
  return [new TextEncoder().encode(value)];
}
