import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { userError } from './user-errors';

/** The longest text file of a model that is parsed as a whole. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const LFS_POINTER = 'version https://git-lfs';
/** Field 7 of ONNX's ModelProto: the graph, without which a file is not a model. */
const GRAPH_FIELD = 7;
/** Tag and length of a field take at most 10 bytes each. */
const HEAD_BYTES = 20;

/**
 * Looks whether a file is what its name says, and whole as far as it tells by itself: for files of
 * which nobody knows a hash.
 * @throws one sentence that says what is wrong with it
 */
export function checkContent(path: string, file: string): void {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size === 0) throw userError(`${path} is empty: copy or download it again.`);
    const head = Buffer.alloc(Math.min(size, LFS_POINTER.length));
    readSync(fd, head, 0, head.length, 0);
    if (head.toString('latin1') === LFS_POINTER)
      throw userError(
        `${path} is a note of Git LFS that stands for the file: run git lfs pull there, then add it again.`,
      );
    if (path.endsWith('.onnx') && !isWholeGraph(fd, size))
      throw userError(
        `${path} is no ONNX graph, or not all of one: copy or download it again and compare its size with the original.`,
      );
    if (path.endsWith('.json') && size <= MAX_TEXT_BYTES && !isJson(file))
      throw userError(`${path} is no JSON, or not all of it: copy or download it again.`);
  } finally {
    closeSync(fd);
  }
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/**
 * Whether the outermost fields of the Protocol Buffers message fill the file and one of them is the
 * graph. Only their heads are read: graphs have gigabytes.
 */
function isWholeGraph(fd: number, size: number): boolean {
  let hasGraph = false;
  let at = 0;
  while (at < size) {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size - at));
    readSync(fd, head, 0, head.length, at);
    const tag = varint(head, 0);
    if (!tag || tag.value < 8) return false;
    const length = lengthOf(tag.value % 8, head, tag.end);
    if (length === null) return false;
    if (Math.floor(tag.value / 8) === GRAPH_FIELD && tag.value % 8 === 2) hasGraph = true;
    at += length;
  }
  return at === size && hasGraph;
}

/** Bytes of a field with its tag; `null`: no such kind of field is in an ONNX file. */
function lengthOf(wireType: number, head: Buffer, from: number): number | null {
  if (wireType === 1) return from + 8;
  if (wireType === 5) return from + 4;
  if (wireType !== 0 && wireType !== 2) return null;
  const number = varint(head, from);
  if (!number) return null;
  return wireType === 0 ? number.end : number.end + number.value;
}

function varint(bytes: Buffer, from: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 10; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return null;
}
