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

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_32_BIT = 5;

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
    ...graph.nodes.flatMap((node) => field(1, writeNode(node))),
    ...field(2, text(name)),
    ...graph.constants.flatMap((tensor) => field(5, writeTensor(tensor))),
    ...graph.inputs.flatMap((value) => field(11, writeValue(value))),
    ...graph.outputs.flatMap((value) => field(12, writeValue(value))),
  ];
  return concat([
    numberField(1, IR_VERSION),
    ...field(7, body),
    ...versions.flatMap(([domain, version]) =>
      field(8, [...field(1, text(domain)), numberField(2, version)]),
    ),
  ]);
}

/** A message in pieces: put together once, at the end, since weights may be hundreds of MB. */
type Pieces = Uint8Array[];

function writeNode({ op, inputs, outputs, attributes = {}, domain }: OnnxNode): Pieces {
  return [
    ...inputs.flatMap((input) => field(1, text(input))),
    ...outputs.flatMap((output) => field(2, text(output))),
    ...field(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) => field(5, writeAttribute(name, value))),
    ...(domain ? field(7, text(domain)) : []),
  ];
}

function writeAttribute(name: string, value: OnnxAttribute): Pieces {
  const label = field(1, text(name));
  if (typeof value === 'number')
    return [...label, numberField(3, value), numberField(20, ATTRIBUTE.int)];
  if (typeof value === 'string')
    return [...label, ...field(4, text(value)), numberField(20, ATTRIBUTE.string)];
  if (Array.isArray(value))
    return [...label, ...value.map((one) => numberField(8, one)), numberField(20, ATTRIBUTE.ints)];
  if ('float' in value)
    return [...label, floatField(2, value.float), numberField(20, ATTRIBUTE.float)];
  return [...label, ...field(6, writeSubgraph(value.graph)), numberField(20, ATTRIBUTE.graph)];
}

function writeSubgraph({ name, nodes, outputs }: OnnxSubgraph): Pieces {
  return [
    ...nodes.flatMap((node) => field(1, writeNode(node))),
    ...field(2, text(name)),
    ...outputs.flatMap((value) => field(12, writeValue(value))),
  ];
}

function writeTensor({ name, dims, data, type, external }: OnnxTensor): Pieces {
  const head = [
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, ELEMENT_TYPES[type ?? elementType(data)]),
    ...field(8, text(name)),
  ];
  if (!external)
    return [...head, ...field(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)])];
  const { location, offset } = external;
  const place = Object.entries({ location, offset: `${offset}`, length: `${data.byteLength}` });
  return [
    ...head,
    ...place.flatMap(([key, value]) =>
      field(13, [...field(1, text(key)), ...field(2, text(value))]),
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
    field(1, typeof dim === 'number' ? [numberField(1, dim)] : field(2, text(dim))),
  );
  const tensor = [numberField(1, ELEMENT_TYPES[type]), ...field(2, shape)];
  return [...field(1, text(name)), ...field(2, field(1, tensor))];
}

function field(number: number, value: Pieces): Pieces {
  const size = value.reduce((sum, piece) => sum + piece.length, 0);
  return [Uint8Array.from([...varint(number * 8 + WIRE_BYTES), ...varint(size)]), ...value];
}

function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + WIRE_VARINT), ...varint(value)]);
}

function floatField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return Uint8Array.from([...varint(number * 8 + WIRE_32_BIT), ...bytes]);
}

/** Negative numbers are written as their two's complement of 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 0x80);
    return [...bytes, Number(rest)];
  }
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}

function text(value: string): Pieces {
  return [new TextEncoder().encode(value)];
}

function concat(parts: Pieces): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
