import { readBytes } from './probe';

const PAGE_HEADER_BYTES = 27;
const PIECE_BYTES = 1 << 20;
/** A page is at most its header, 255 lengths and 255 times 255 bytes. */
const MAX_PAGE_BYTES = PAGE_HEADER_BYTES + 255 + 255 * 255;
const IS_FIRST_PAGE = 0x02;
const MARK = [0x4f, 0x67, 0x67, 0x53];

/**
 * The links of an Ogg file, each a file by itself: files put one after the other are a chain
 * (RFC 3533, section 4), as recordings of web radio are. Links may differ in codec, rate and channels.
 * @returns the source itself when it is one link
 */
export async function oggLinks(source: Blob): Promise<Blob[]> {
  const starts: number[] = [];
  let isHead = false;
  let bytes: Uint8Array = new Uint8Array(0);
  let bytesStart = 0;
  for (let at = 0; at + PAGE_HEADER_BYTES <= source.size; ) {
    if (at < bytesStart || at + MAX_PAGE_BYTES > bytesStart + bytes.length) {
      if (at < bytesStart || bytesStart + bytes.length < source.size) {
        bytes = await readBytes(source, at, PIECE_BYTES);
        bytesStart = at;
      }
    }
    const page = readPage(bytes, at - bytesStart);
    if (!page) {
      at = findMark(bytes, at - bytesStart + 1) + bytesStart;
      continue;
    }
    // all streams of a link begin before the rest of any
    if (page.isFirst && !isHead) starts.push(at);
    isHead = page.isFirst;
    at += page.length;
  }
  if (starts.length < 2) return [source];
  return starts.map((start, i) => source.slice(i === 0 ? 0 : start, starts[i + 1]));
}

function readPage(bytes: Uint8Array, at: number): { isFirst: boolean; length: number } | null {
  if (MARK.some((byte, i) => bytes[at + i] !== byte) || bytes[at + 4] !== 0) return null;
  const segments = bytes[at + 26] ?? 0;
  let length = PAGE_HEADER_BYTES + segments;
  for (let i = 0; i < segments; i++) length += bytes[at + PAGE_HEADER_BYTES + i] ?? 0;
  return { isFirst: ((bytes[at + 5] ?? 0) & IS_FIRST_PAGE) !== 0, length };
}

/** The next position where a page may begin, or near the end of the bytes, where more must be read. */
function findMark(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x4f, from); at >= 0; at = bytes.indexOf(0x4f, at + 1))
    if (MARK.every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte)) return at;
  return bytes.length;
}
