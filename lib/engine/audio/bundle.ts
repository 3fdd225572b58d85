import { readBytes } from './probe';

/** One of several files that are one recording. */
export interface BundlePart {
  file: Blob;
  name: string;
  /** Where its sound begins in the recording, in ms. */
  startMs: number;
}

/** Media type of several files that are one recording. */
export const BUNDLE_TYPE = 'application/x-tar';

/** Layout of a tar archive (POSIX.1-2017, pax interchange format). */
const BLOCK_BYTES = 512;
const MAGIC = 'ustar';
const MAGIC_AT = 257;
const CHECKSUM_AT = 148;
/** Keyword of our own in the extended header of each file: only an archive that has it is a recording. */
const START_KEYWORD = 'AI2TEXT.start';
/** A header is no longer than this: names are those of files. */
const MAX_HEADER_BYTES = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Puts files together as one recording, each a track of its own: a tar archive, which other programs open. Nothing
 * is copied: the archive is read from where the files are.
 */
export function bundleFiles(parts: readonly BundlePart[]): Blob {
  const pieces: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  for (const { file, name, startMs } of parts) {
    const records = [
      record('path', name),
      record('size', String(file.size)),
      record(START_KEYWORD, String(Math.max(0, Math.round(startMs)))),
    ].join('');
    const extended = encoder.encode(records);
    pieces.push(header('pax', extended.length, 'x'), padded(extended));
    pieces.push(header('track', file.size, '0'), file, new Uint8Array(paddingOf(file.size)));
  }
  return new Blob([...pieces, new Uint8Array(2 * BLOCK_BYTES)], { type: BUNDLE_TYPE });
}

/** The files of a recording that `bundleFiles` has put together; `null`: it is something else. */
export async function readBundle(source: Blob): Promise<BundlePart[] | null> {
  const parts: BundlePart[] = [];
  for (let at = 0; ; ) {
    const head = await readBytes(source, at, BLOCK_BYTES);
    if (textOf(head, MAGIC_AT, MAGIC.length) !== MAGIC) break;
    const extendedBytes = Number.parseInt(textOf(head, 124, 11), 8);
    const isExtended = textOf(head, 156, 1) === 'x' && extendedBytes <= MAX_HEADER_BYTES;
    if (!isExtended) return null;
    const from = at + BLOCK_BYTES;
    const records = recordsOf(await readBytes(source, from, extendedBytes));
    const size = Number(records.get('size'));
    const startMs = Number(records.get(START_KEYWORD));
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(startMs)) return null;
    const fileAt = from + extendedBytes + paddingOf(extendedBytes) + BLOCK_BYTES;
    const file = source.slice(fileAt, fileAt + size);
    parts.push({ file, name: records.get('path') ?? '', startMs });
    at = fileAt + size + paddingOf(size);
  }
  return parts.length > 0 ? parts : null;
}

/** A record counts its own length, in bytes. */
function record(keyword: string, value: string): string {
  const rest = encoder.encode(` ${keyword}=${value}\n`).length;
  let length = rest;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return `${length} ${keyword}=${value}\n`;
}

function recordsOf(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(decoder.decode(bytes.subarray(at, space)));
    if (space < 0 || !Number.isSafeInteger(length) || length <= 0) break;
    const text = decoder.decode(bytes.subarray(space + 1, at + length - 1));
    const equals = text.indexOf('=');
    records.set(text.slice(0, equals), text.slice(equals + 1));
    at += length;
  }
  return records;
}

/** A header in which the name and, where it is too large for it, the size are those of the extended header. */
function header(name: string, sizeBytes: number, kind: 'x' | '0'): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(BLOCK_BYTES);
  const write = (text: string, at: number) => bytes.set(encoder.encode(text), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  write(name, 0);
  write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  write(`${octal(Math.min(sizeBytes, 0o77777777777), 11)}\0${octal(0, 11)}\0`, 124);
  write('        ', CHECKSUM_AT);
  write(kind, 156);
  write(`${MAGIC}\0`, MAGIC_AT);
  write('00', MAGIC_AT + MAGIC.length + 1);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  write(`${octal(sum, 6)}\0 `, CHECKSUM_AT);
  return bytes;
}

const paddingOf = (sizeBytes: number) => (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes.length + paddingOf(bytes.length));
  all.set(bytes);
  return all;
}

const textOf = (bytes: Uint8Array, at: number, length: number) =>
  decoder.decode(bytes.subarray(at, at + length));
