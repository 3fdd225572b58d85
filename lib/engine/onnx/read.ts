/**
 * As much of the ONNX file format as is needed to take weights out of a graph. Field numbers are
 * those of onnx.proto3; the wire format is Protocol Buffers.
 */

const WIRE_VARINT = 0;
const WIRE_64_BIT = 1;
const WIRE_BYTES = 2;
const WIRE_32_BIT = 5;

/** `TensorProto.DataType` of 32-bit floats. */
const TYPE_FLOAT = 1;

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
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('The ONNX file ends inside a number.');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = readVarint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case WIRE_VARINT:
        yield { number, value: readVarint() };
        break;
      case WIRE_64_BIT:
        yield { number, value: take(8) };
        break;
      case WIRE_BYTES:
        yield { number, value: take(readVarint()) };
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

/** Whole numbers below 2^53, one behind the other. */
export function packedVarints(bytes: Uint8Array): number[] {
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
