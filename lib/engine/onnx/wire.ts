/** The wire format of Protocol Buffers, as far as ONNX files use it: writing, then reading. */

const WIRE_VARINT = 0;
const WIRE_64_BIT = 1;
const WIRE_BYTES = 2;
const WIRE_32_BIT = 5;

/** A field of bytes that come in pieces. */
export function bytesField(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return [Uint8Array.from([...varint(number * 8 + WIRE_BYTES), ...varint(size)]), ...pieces];
}

/** A field of a whole number. */
export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + WIRE_VARINT), ...varint(value)]);
}

/** A field of a 32-bit float. */
export function floatField(number: number, value: number): Uint8Array {
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

/** Puts pieces together. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** One field of a message: its number, and its bytes or its number. */
interface Field {
  number: number;
  value: number | Uint8Array;
}

/**
 * Splits a message into its fields, one level deep.
 * @throws RangeError when the bytes end inside a field or are not a message
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

/** Whole numbers below 2^53, one after the other. */
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
