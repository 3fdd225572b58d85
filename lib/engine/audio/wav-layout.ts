import { AppError } from '@/lib/core';
import { SAMPLE_RATE_HZ } from './constants';
import { readBytes } from './probe';
import { joinBlobs } from './ranged-blob';

/** Lengths from here on stand for "not known yet" in files that were never finished, or are streamed. */
const UNKNOWN_FROM = 0x7fff_0000;
const MAX_UINT32 = 0xffff_ffff;
/** Chunks in front of the sound that are looked through. */
const MAX_CHUNKS = 1000;
const MAX_FORMAT_BYTES = 4096;
/** Chunks after the sound are looked for in so much of the end. */
const TAIL_BYTES = 1 << 20;
/** What may follow the audio; only needed where the header does not give its end. */
const TRAILING =
  /^(LIST|id3 |ID3 |bext|iXML|cue |smpl|inst|fact|PEAK|_PMX|[aA]XML|axml|chna|JUNK|junk|FLLR|PAD |umid|afsp|DISP|LGWV|acid)$/;
const CHUNK_NAME = /^[A-Za-z0-9_][A-Za-z0-9_ ]{3}$/;
/** Forms that not all readers know. */
const REWRITTEN: readonly string[] = ['BW64', 'WAVE64'];
/** Sony's 64-bit form names chunks by GUIDs, whose first four letters are those of RIFF. */
const WAVE64_GUID = 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0';

/** A WAV file, or one of several that were put together. */
interface WavLayout {
  form: 'RIFF' | 'RIFX' | 'RF64' | 'BW64' | 'WAVE64';
  /** The whole `fmt ` chunk without its header. */
  format: Uint8Array<ArrayBuffer>;
  /** Where the sound begins, in bytes of the source. */
  dataStart: number;
  /** Its length as the header gives it; `null` where it gives none. */
  statedBytes: number | null;
  /** Where the whole ends by the header. */
  statedEnd: number;
}

/**
 * The parts of a WAV file that decoders should read, each a file by itself. A header that gives too
 * small a length or none is rewritten, for all that is there; what follows the audio is not part of it;
 * concatenated files are separated.
 * @returns the source itself where its header is right; `null` when it ends in front of its sound
 */
export async function wavParts(source: Blob, startByte = 0): Promise<Blob[] | null> {
  const parts: Blob[] = [];
  for (let at = startByte; ; ) {
    const layout = await readLayout(source, at);
    if (layout === 'empty') return parts.length === 0 ? null : parts;
    if (!layout) return parts.length === 0 ? [source] : parts;
    const { end, next } = await findEnd(source, layout);
    const isPlain = at === 0 && next === null && !REWRITTEN.includes(layout.form);
    const stated = layout.dataStart + (layout.statedBytes ?? Number.NaN);
    // a file that breaks off keeps its header, which shows that
    const isRight = end === source.size && stated >= end && layout.statedEnd >= stated;
    if (isPlain && isRight) return [source];
    if (end > layout.dataStart || parts.length === 0) parts.push(rebuild(source, layout, end));
    if (next === null) return parts;
    at = next;
  }
}

/** The length of the sound that a WAV file's header promises, in seconds. */
export async function statedWavSeconds(source: Blob): Promise<number | null> {
  const layout = await readLayout(source, 0);
  if (!layout || layout === 'empty' || layout.statedBytes === null) return null;
  const view = new DataView(layout.format.buffer, layout.format.byteOffset);
  const bytesPerSecond = layout.format.length < 12 ? 0 : view.getUint32(8, layout.form !== 'RIFX');
  return bytesPerSecond > 0 ? layout.statedBytes / bytesPerSecond : null;
}

/**
 * PCM of a WAV file with 16-bit mono samples at 16 kHz, the form of a model's self-test clip. Media of
 * the user goes through the decoder.
 * @throws MODEL_HASH_MISMATCH for anything else
 */
export async function readWavPcm(source: Blob): Promise<Float32Array> {
  const layout = await readLayout(source, 0);
  const found = layout && layout !== 'empty' ? layout : null;
  const format = found && found.format.length >= 16 ? formatOf(found) : null;
  if (!found || found.form === 'RIFX' || format !== `1/1/${SAMPLE_RATE_HZ}/16`)
    throw new AppError('MODEL_HASH_MISMATCH', 'The clip is not a 16-bit mono WAV file at 16 kHz.', {
      details: { format },
    });
  const bytes = await readBytes(source, found.dataStart, found.statedBytes ?? source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from(
    { length: bytes.byteLength >> 1 },
    (_, index) => view.getInt16(2 * index, true) / 32_768,
  );
}

/** Codec, channels, rate and bits of a sample. */
function formatOf({ format, form }: WavLayout): string {
  const view = new DataView(format.buffer, format.byteOffset);
  const little = form !== 'RIFX';
  return [
    view.getUint16(0, little),
    view.getUint16(2, little),
    view.getUint32(4, little),
    view.getUint16(14, little),
  ].join('/');
}

/** @returns `empty` when the source ends in front of the sound; `null` when it is not a WAV file */
async function readLayout(source: Blob, start: number): Promise<WavLayout | 'empty' | null> {
  const head = await readBytes(source, start, 40);
  const form = text(head, 0, 16) === WAVE64_GUID ? 'WAVE64' : text(head, 0, 4);
  if (!isForm(form)) return null;
  const is64 = form === 'WAVE64';
  if (text(head, is64 ? 24 : 8, 4).toLowerCase() !== 'wave') return null;
  const little = form !== 'RIFX';
  let statedEnd = is64 ? start + uint64(head, 16) : start + 8 + uint32(head, 4, little);
  let data64: number | null = null;
  let format: Uint8Array<ArrayBuffer> | null = null;
  let at = start + (is64 ? 40 : 12);
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = await readBytes(source, at, is64 ? 24 : 8);
    if (header.length < (is64 ? 24 : 8)) return 'empty';
    const name = text(header, 0, 4);
    // in Sony's form the length counts the header
    const length = is64 ? uint64(header, 16) - 24 : uint32(header, 4, little);
    at += header.length;
    if (name === 'data') {
      if (!format) return null;
      const stated = data64 !== null && length === MAX_UINT32 ? data64 : length;
      const isUnknown = stated === 0 || (!is64 && data64 === null && stated >= UNKNOWN_FROM);
      const fits = at + stated <= source.size;
      if (is64 || data64 !== null) statedEnd = Math.max(statedEnd, at + stated);
      return {
        form,
        format,
        dataStart: at,
        statedBytes: isUnknown && !(fits && stated > 0) ? null : stated,
        statedEnd,
      };
    }
    if (name === 'ds64') {
      const sizes = await readBytes(source, at, 16);
      if (sizes.length === 16) data64 = uint64(sizes, 8);
    }
    if (name === 'fmt ') {
      if (length > MAX_FORMAT_BYTES) return null;
      format = (await readBytes(source, at, length)).slice();
      if (format.length < length) return 'empty';
    }
    if (length < 0) return null;
    at += length + (is64 ? -length & 7 : length & 1);
  }
  return null;
}

/** Where the sound really ends, and where another file begins after it. */
async function findEnd(
  source: Blob,
  { form, dataStart, statedBytes }: WavLayout,
): Promise<{ end: number; next: number | null }> {
  if (statedBytes === null) return { end: await tailStart(source, dataStart), next: null };
  const end = dataStart + statedBytes;
  // less than a chunk's header is padding
  if (end + 8 >= source.size || form === 'WAVE64')
    return { end: Math.min(end, source.size), next: null };
  for (const at of [end + (statedBytes & 1), end]) {
    const chunks = await followChunks(source, at, form !== 'RIFX');
    if (chunks) return { end, next: chunks.next };
  }
  return { end: await tailStart(source, dataStart), next: null };
}

/** Goes from chunk to chunk to the end of the source; `null` where they are none. */
async function followChunks(
  source: Blob,
  start: number,
  little: boolean,
): Promise<{ next: number | null } | null> {
  let at = start;
  while (at + 8 <= source.size) {
    const header = await readBytes(source, at, 12);
    const name = text(header, 0, 4);
    if (isForm(name) && text(header, 8, 4) === 'WAVE') return { next: at };
    const length = uint32(header, 4, little);
    if (!CHUNK_NAME.test(name) || at + 8 + length > source.size) return null;
    at += 8 + length;
    // some writers leave out the byte that makes a length even
    const [pad] = length & 1 ? await readBytes(source, at, 1) : [];
    if (pad === 0) at += 1;
  }
  return { next: null };
}

/** Where the chunks begin that stand at the end of the source; its size where there are none. */
async function tailStart(source: Blob, dataStart: number): Promise<number> {
  const start = Math.max(dataStart, source.size - TAIL_BYTES);
  const tail = await readBytes(source, start, source.size - start);
  for (let at = 0; at + 8 <= tail.length; at++) {
    if (!TRAILING.test(text(tail, at, 4))) continue;
    if (await followChunks(source, start + at, true)) return start + at;
  }
  return source.size;
}

/** The sound after a header that is right. */
function rebuild(source: Blob, { form, format, dataStart }: WavLayout, end: number): Blob {
  const little = form !== 'RIFX';
  // half a frame at the end would be reported as damage
  const [low = 0, high = 0] = format.subarray(12, 14);
  const frameBytes = Math.max(1, little ? low + 256 * high : high + 256 * low);
  const bytes = Math.floor((end - dataStart) / frameBytes) * frameBytes;
  const isLarge = bytes > UNKNOWN_FROM && little;
  const sizes = isLarge ? 36 : 0;
  const padded = format.length + (format.length & 1);
  const header = new Uint8Array(12 + sizes + 8 + padded + 8);
  const view = new DataView(header.buffer);
  const name = (at: number, letters: string) => {
    for (let i = 0; i < 4; i++) header[at + i] = letters.charCodeAt(i);
  };
  const whole = header.length - 8 + bytes;
  name(0, isLarge ? 'RF64' : little ? 'RIFF' : 'RIFX');
  view.setUint32(4, isLarge ? MAX_UINT32 : Math.min(MAX_UINT32, whole), little);
  name(8, 'WAVE');
  if (isLarge) {
    name(12, 'ds64');
    view.setUint32(16, 28, true);
    view.setBigUint64(20, BigInt(whole), true);
    view.setBigUint64(28, BigInt(bytes), true);
  }
  name(12 + sizes, 'fmt ');
  view.setUint32(16 + sizes, format.length, little);
  header.set(format, 20 + sizes);
  name(20 + sizes + padded, 'data');
  view.setUint32(24 + sizes + padded, isLarge ? MAX_UINT32 : Math.min(MAX_UINT32, bytes), little);
  return joinBlobs([new Blob([header]), source.slice(dataStart, dataStart + bytes)]);
}

function isForm(name: string): name is WavLayout['form'] {
  return ['RIFF', 'RIFX', 'RF64', 'BW64', 'WAVE64'].includes(name);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function uint32(bytes: Uint8Array, at: number, little: boolean): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, little);
}

function uint64(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true));
}
