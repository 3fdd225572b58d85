/**
 * As much of the ONNX file format as is needed to take weights out of one graph and to write
 * another. Field numbers are those of onnx.proto3; the wire format is Protocol Buffers.
 */

/** A constant tensor of 32-bit floats or 64-bit integers. */
export interface OnnxTensor {
  name: string;
  dims: number[];
  data: Float32Array | BigInt64Array;
}

/** An attribute of a node: an integer, some integers, or text. */
type OnnxAttribute = number | number[] | string;

export interface OnnxNode {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, OnnxAttribute>;
}

/** An input or output of the graph; a dimension given by a name is free. */
interface OnnxValue {
  name: string;
  dims: (number | string)[];
}

export interface OnnxGraph {
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  constants: OnnxTensor[];
  nodes: OnnxNode[];
}

const WIRE_VARINT = 0;
const WIRE_64_BIT = 1;
const WIRE_BYTES = 2;
const WIRE_32_BIT = 5;

const TYPE_FLOAT = 1;
const TYPE_INT64 = 7;

/** One field of a message: its number, and its bytes or its number. */
interface Field {
  number: number;
  value: number | Uint8Array;
}

/**
 * Splits a message into its fields, one level deep.
 * @throws RangeError when the bytes end inside a field or are no message
 */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('The ONNX file ends inside a field.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  // plain arithmetic: the values of interest are far below 2^53
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('The ONNX file ends inside a number.');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case WIRE_VARINT:
        yield { number, value: varint() };
        break;
      case WIRE_64_BIT:
        yield { number, value: take(8) };
        break;
      case WIRE_BYTES:
        yield { number, value: take(varint()) };
        break;
      case WIRE_32_BIT:
        yield { number, value: take(4) };
        break;
      default:
        throw new RangeError(`Not an ONNX file: wire type ${key % 8}.`);
    }
  }
}

/** The messages held in the fields of this number, in order. */
export function messages(bytes: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const field of readFields(bytes))
    if (field.number === number && field.value instanceof Uint8Array) found.push(field.value);
  return found;
}

/** The text in the fields of this number, in order. */
export function texts(bytes: Uint8Array, number: number): string[] {
  return messages(bytes, number).map((value) => new TextDecoder().decode(value));
}

/** A `TensorProto` of floats with raw data; `null` for any other. */
export function readFloatTensor(bytes: Uint8Array): { dims: number[]; data: Float32Array } | null {
  const dims: number[] = [];
  let type = 0;
  let raw: Uint8Array | null = null;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1 && typeof value === 'number') dims.push(value);
    // the numbers of a repeated field may also come packed
    else if (number === 1 && value instanceof Uint8Array) dims.push(...packedVarints(value));
    else if (number === 2 && typeof value === 'number') type = value;
    else if (number === 9 && value instanceof Uint8Array) raw = value;
  }
  if (type !== TYPE_FLOAT || !raw) return null;
  // a copy, since the bytes need not lie at a multiple of four
  return { dims, data: new Float32Array(new Uint8Array(raw).buffer) };
}

function packedVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
      factor = 1;
    }
  }
  return numbers;
}

/** The bytes of an ONNX model (opset 16) with this graph. */
export function writeModel(name: string, graph: OnnxGraph): Uint8Array<ArrayBuffer> {
  const body = concat([
    ...graph.nodes.map((node) => field(1, writeNode(node))),
    field(2, text(name)),
    ...graph.constants.map((tensor) => field(5, writeTensor(tensor))),
    ...graph.inputs.map((value) => field(11, writeValue(value))),
    ...graph.outputs.map((value) => field(12, writeValue(value))),
  ]);
  const opset = concat([field(1, text('')), numberField(2, 16)]);
  return concat([numberField(1, 8), field(7, body), field(8, opset)]);
}

function writeNode({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return concat([
    ...inputs.map((input) => field(1, text(input))),
    ...outputs.map((output) => field(2, text(output))),
    field(4, text(op)),
    ...Object.entries(attributes).map(([name, value]) => field(5, writeAttribute(name, value))),
  ]);
}

function writeAttribute(name: string, value: OnnxAttribute): Uint8Array {
  const label = field(1, text(name));
  if (typeof value === 'number') return concat([label, numberField(3, value), numberField(20, 2)]);
  if (typeof value === 'string') return concat([label, field(4, text(value)), numberField(20, 3)]);
  return concat([label, ...value.map((one) => numberField(8, one)), numberField(20, 7)]);
}

function writeTensor({ name, dims, data }: OnnxTensor): Uint8Array {
  return concat([
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, data instanceof Float32Array ? TYPE_FLOAT : TYPE_INT64),
    field(8, text(name)),
    field(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

function writeValue({ name, dims }: OnnxValue): Uint8Array {
  const shape = concat(
    dims.map((dim) =>
      field(1, typeof dim === 'number' ? numberField(1, dim) : field(2, text(dim))),
    ),
  );
  const tensor = concat([numberField(1, TYPE_FLOAT), field(2, shape)]);
  return concat([field(1, text(name)), field(2, field(1, tensor))]);
}

function field(number: number, value: Uint8Array): Uint8Array {
  return concat([varintBytes(number * 8 + WIRE_BYTES), varintBytes(value.length), value]);
}

function numberField(number: number, value: number): Uint8Array {
  return concat([varintBytes(number * 8 + WIRE_VARINT), varintBytes(value)]);
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
