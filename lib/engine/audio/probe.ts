import { AppError } from '@/lib/core';
import { FRAME_HEADER_BYTES, readFrameHeader, sameStream } from './mpeg-frames';
import { type FileKind, mediaKind, otherKind } from './signatures';

/** What the first bytes say about a source. */
export interface Probe extends FileKind {
  /** Bytes of ID3 tags in front of the first frame or header. */
  startByte: number;
  /** A bare stream of frames, which we cut up ourselves. */
  frames: 'mp3' | 'adts' | null;
}

const HEAD_BYTES = 8192;
const ID3_HEADER_BYTES = 10;
/** How far into the file the first audio frame may lie, behind padding or broken tags. */
const FRAME_SEARCH_BYTES = 65_536;

/**
 * Tells what a source is by its content; its name and declared type are not looked at.
 * What is not known to be something else passes as `application/octet-stream`: ffmpeg may know it.
 * @throws SOURCE_EMPTY; SOURCE_GONE or SOURCE_UNREADABLE; DECODE_UNSUPPORTED with `seems`
 */
export async function probe(source: Blob): Promise<Probe> {
  if (source.size === 0) throw new AppError('SOURCE_EMPTY', 'The source has no bytes.');
  const startByte = await skipId3(source);
  const head = await readBytes(source, startByte, HEAD_BYTES);

  const media = mediaKind(head);
  if (media) return { ...media, startByte, frames: null };
  const other = otherKind(head);
  if (other)
    throw new AppError('DECODE_UNSUPPORTED', `The source is ${other.name} (${other.mediaType}).`, {
      details: { seems: other.name, mediaType: other.mediaType },
    });
  const search = await readBytes(source, startByte, FRAME_SEARCH_BYTES);
  const frames = findFrames(search);
  if (frames === 'mp3') return { mediaType: 'audio/mpeg', name: 'MP3', startByte, frames };
  if (frames === 'adts') return { mediaType: 'audio/aac', name: 'AAC', startByte, frames };
  return {
    mediaType: 'application/octet-stream',
    name: 'unknown',
    startByte,
    frames: null,
  };
}

/** Reads a range (shorter at the end of the source), with the app's own errors. */
export async function readBytes(source: Blob, start: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await source.slice(start, start + length).arrayBuffer());
  } catch (cause) {
    throw readError(cause) ?? cause;
  }
}

/** Browsers fail with these when the file behind a `Blob` was deleted, moved or changed. */
const GONE_NAMES = ['NotFoundError', 'NotReadableError'];
const DENIED_NAMES = ['SecurityError', 'NotAllowedError'];

/** The app's error for a failed read of a source; `null` when it is something else. */
export function readError(cause: unknown): AppError | null {
  if (!(cause instanceof Error)) return null;
  if (GONE_NAMES.includes(cause.name))
    return new AppError('SOURCE_GONE', `The source changed or is gone: ${cause.message}`, {
      cause,
    });
  if (DENIED_NAMES.includes(cause.name))
    return new AppError('SOURCE_UNREADABLE', `Reading the source was denied: ${cause.message}`, {
      cause,
    });
  return null;
}

/** ID3v2 tags may come several in a row. Layout: id3.org, ID3v2.4 section 3.1. */
async function skipId3(source: Blob): Promise<number> {
  let at = 0;
  for (;;) {
    const header = await readBytes(source, at, ID3_HEADER_BYTES);
    const [i, d, three, , , flags = 0, ...size] = header;
    if (i !== 0x49 || d !== 0x44 || three !== 0x33 || header.length < ID3_HEADER_BYTES) return at;
    // seven bits to a byte
    const length = size.reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
    const footer = flags & 0x10 ? ID3_HEADER_BYTES : 0;
    at += ID3_HEADER_BYTES + length + footer;
  }
}

/** Three frames in a row, or fewer up to the very end of a short file: chance bytes do not chain. */
function findFrames(bytes: Uint8Array): 'mp3' | 'adts' | null {
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; at++) {
    const first = readFrameHeader(bytes, at);
    if (!first) continue;
    let next = at + first.lengthBytes;
    let chained = 1;
    while (chained < 3 && next + FRAME_HEADER_BYTES <= bytes.length) {
      const header = readFrameHeader(bytes, next);
      if (!header || !sameStream(first, header)) break;
      next += header.lengthBytes;
      chained += 1;
    }
    if (chained === 3 || (at === 0 && next >= bytes.length && bytes.length < FRAME_SEARCH_BYTES))
      return first.format;
  }
  return null;
}
