import { AppError } from '@/lib/core';
import { FRAME_HEADER_BYTES, readFrameHeader, sameStream } from './mpeg-frames';

/** What the first bytes say about a source. */
export interface Probe extends FileKind {
  /** Bytes of ID3 tags in front of the first frame or header. */
  startByte: number;
  /** A bare stream of frames, which we cut up ourselves. */
  frames: 'mp3' | 'adts' | null;
}

const HEAD_BYTES = 8192;
const ID3_HEADER_BYTES = 10;
/** How far into the file the first audio frame may lie, after padding or broken tags. */
const FRAME_SEARCH_BYTES = 65_536;

/**
 * Identifies a source by its content; its name and declared type are ignored.
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

/** A container or file kind, recognised by its first bytes. */
interface FileKind {
  /** IANA or customary media type. */
  mediaType: string;
  /** Short name for people. */
  name: string;
}

type Bytes = Uint8Array;

const kind = (mediaType: string, name: string): FileKind => ({ mediaType, name });

/** Byte values or text at an offset. */
function has(bytes: Bytes, what: string | readonly number[], at = 0): boolean {
  for (let i = 0; i < what.length; i++) {
    const wanted = typeof what === 'string' ? what.charCodeAt(i) : what[i];
    if (bytes[at + i] !== wanted) return false;
  }
  return true;
}

/** Latin-1 text of a range; enough for the names inside headers. */
function text(bytes: Bytes, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

const EBML = [0x1a, 0x45, 0xdf, 0xa3];
const ASF = [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11];
const IMAGE_BRANDS = ['heic', 'heix', 'mif1', 'msf1', 'avif', 'avis'];
const QUICKTIME_BOXES = ['moov', 'mdat', 'wide', 'pnot'];

/** Media recognised by fixed bytes at the start. */
const MEDIA: readonly [string | readonly number[], FileKind][] = [
  ['fLaC', kind('audio/flac', 'FLAC')],
  [ASF, kind('video/x-ms-asf', 'Windows Media')],
  ['caff', kind('audio/x-caf', 'CAF')],
  ['wvpk', kind('audio/x-wavpack', 'WavPack')],
  ['MAC ', kind('audio/x-ape', "Monkey's Audio")],
  ['TTA1', kind('audio/x-tta', 'True Audio')],
  ['MPCK', kind('audio/x-musepack', 'Musepack')],
  ['MP+', kind('audio/x-musepack', 'Musepack')],
  ['DSD ', kind('audio/x-dsf', 'DSF')],
  ['#!AMR', kind('audio/amr', 'AMR')],
  ['.snd', kind('audio/basic', 'AU')],
  ['FLV', kind('video/x-flv', 'Flash video')],
  ['.RMF', kind('application/vnd.rn-realmedia', 'RealMedia')],
  ['Creative Voice File', kind('audio/x-voc', 'Creative Voice')],
  [[0x0b, 0x77], kind('audio/ac3', 'AC-3')],
  [[0x7f, 0xfe, 0x80, 0x01], kind('audio/vnd.dts', 'DTS')],
  [[0x00, 0x00, 0x01, 0xba], kind('video/mpeg', 'MPEG program stream')],
];

/** What people also pick or drop by mistake. */
const OTHER: readonly [string | readonly number[], FileKind][] = [
  ['%PDF', kind('application/pdf', 'a PDF document')],
  ['PK\x03\x04', kind('application/zip', 'a ZIP archive or an Office document')],
  [[0xd0, 0xcf, 0x11, 0xe0], kind('application/x-ole-storage', 'an old Office document')],
  ['{\\rtf', kind('application/rtf', 'a rich text document')],
  ['\x89PNG', kind('image/png', 'a PNG image')],
  ['\xff\xd8\xff', kind('image/jpeg', 'a JPEG image')],
  ['GIF8', kind('image/gif', 'a GIF image')],
  ['II*\0', kind('image/tiff', 'a TIFF image')],
  ['MM\0*', kind('image/tiff', 'a TIFF image')],
  ['7z\xbc\xaf', kind('application/x-7z-compressed', 'a 7z archive')],
  ['Rar!', kind('application/vnd.rar', 'a RAR archive')],
  ['\x1f\x8b', kind('application/gzip', 'a gzip archive')],
  ['BZh', kind('application/x-bzip2', 'a bzip2 archive')],
  ['\xfd7zXZ', kind('application/x-xz', 'an xz archive')],
  ['SQLite format 3', kind('application/vnd.sqlite3', 'a database')],
  ['\x7fELF', kind('application/x-elf', 'a program')],
  ['\0asm', kind('application/wasm', 'a program')],
  ['MThd', kind('audio/midi', 'a MIDI file, which holds notes and no sound')],
];

/** The container, recognised by the first bytes. */
function mediaKind(bytes: Bytes): FileKind | null {
  for (const [signature, found] of MEDIA) if (has(bytes, signature)) return found;
  const riff = ['RIFF', 'RIFX', 'RF64', 'BW64'].some((form) => has(bytes, form));
  if (riff && has(bytes, 'WAVE', 8)) return kind('audio/wav', 'WAV');
  if (has(bytes, 'riff') && has(bytes, 'wave', 24)) return kind('audio/wav', 'WAV');
  if (riff && has(bytes, 'AVI ', 8)) return kind('video/x-msvideo', 'AVI');
  if (has(bytes, 'FORM') && (has(bytes, 'AIFF', 8) || has(bytes, 'AIFC', 8)))
    return kind('audio/aiff', 'AIFF');
  if (has(bytes, EBML))
    return text(bytes, 0, 64).includes('webm')
      ? kind('video/webm', 'WebM')
      : kind('video/x-matroska', 'Matroska');
  if (has(bytes, 'OggS'))
    return text(bytes, 0, 512).includes('theora')
      ? kind('video/ogg', 'Ogg')
      : kind('audio/ogg', 'Ogg');
  if (bytes[0] === 0x47 && bytes[188] === 0x47 && bytes[376] === 0x47)
    return kind('video/mp2t', 'MPEG transport stream');
  if (has(bytes, 'ftyp', 4)) return isoKind(text(bytes, 8, 4));
  if (QUICKTIME_BOXES.includes(text(bytes, 4, 4))) return kind('video/quicktime', 'QuickTime');
  return null;
}

function isoKind(brand: string): FileKind | null {
  if (IMAGE_BRANDS.includes(brand)) return null;
  if (brand === 'qt  ') return kind('video/quicktime', 'QuickTime');
  if (brand === 'M4A ' || brand === 'M4B ') return kind('audio/mp4', 'M4A');
  if (brand.startsWith('3g')) return kind('video/3gpp', '3GP');
  return kind('video/mp4', 'MP4');
}

/** What a file that is not media seems to be; `null` when that is unknown. */
function otherKind(bytes: Bytes): FileKind | null {
  for (const [signature, found] of OTHER) if (has(bytes, signature)) return found;
  if (has(bytes, 'RIFF') && has(bytes, 'WEBP', 8)) return kind('image/webp', 'a WebP image');
  if (has(bytes, 'BM') && has(bytes, [0, 0, 0, 0], 6)) return kind('image/bmp', 'a BMP image');
  if (has(bytes, 'MZ') && bytes.includes(0)) return kind('application/x-msdownload', 'a program');
  if (has(bytes, 'ftyp', 4) && IMAGE_BRANDS.includes(text(bytes, 8, 4)))
    return kind('image/heif', 'an image');
  return textKind(bytes);
}

function textKind(bytes: Bytes): FileKind | null {
  if (has(bytes, [0xff, 0xfe]) || has(bytes, [0xfe, 0xff])) {
    // as UTF-16, every other byte of common text is zero; MPEG audio also begins with 0xff
    const zeros = bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
    return zeros > bytes.length / 4 ? kind('text/plain', 'a text file') : null;
  }
  if (bytes.includes(0)) return null;
  let decoded: string;
  try {
    // `stream`: the last character may be cut
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null; // not UTF-8, so not taken for text
  }
  const start = decoded.trimStart().slice(0, 200).toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html'))
    return kind('text/html', 'a web page');
  if (start.startsWith('<?xml') || start.startsWith('<svg'))
    return kind('application/xml', 'an XML document');
  if (start.startsWith('#extm3u')) return kind('application/vnd.apple.mpegurl', 'a playlist');
  let control = 0;
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  return control * 100 > bytes.length ? null : kind('text/plain', 'a text file');
}
