import { z } from 'zod';
import { AppError, throwIfAborted, toAppError, WorkSlices } from '@/lib/core';
import {
  type TranscriptSegment,
  transcriptSchema,
  transcriptSegmentSchema,
} from '@/lib/transcript';
import { SegmentScanner } from './segment-scanner';

/**
 * The most text that is packed and unpacked, in bytes: a hundred hours of speech and more. A small
 * envelope may claim to hold any amount.
 */
export const MAX_TEXT_BYTES = 128 * 2 ** 20;

/** The most segments, and the longest text of one of them in letters of JSON. */
export const MAX_SEGMENTS = 250_000;
const MAX_SEGMENT_LETTERS = 2 ** 20;

/** This many compressed bytes are unpacked in one piece: they may become a thousand times as many. */
const PIECE_BYTES = 16 * 2 ** 10;

/** The most columns of a waveform that are shared: more than the widest screen draws. */
export const MAX_PEAKS = 4096;

/** The recording that goes with a shared transcript. */
const sharedAudioSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  /** Before it was sealed: its sealed size and its parts follow from it. */
  sizeBytes: z.number().int().positive(),
  hasVideo: z.boolean(),
  /** Its waveform, as loudness from 0 to 255 in steps of equal length. */
  peaks: z.array(z.number().int().min(0).max(255)).max(MAX_PEAKS),
});

/** What is sealed as the document of a share. */
export const shareDocumentSchema = z.object({
  version: z.literal(1),
  /** As exported. */
  transcript: transcriptSchema,
  audio: sharedAudioSchema.nullable(),
});

export type SharedAudio = z.infer<typeof sharedAudioSchema>;
export type ShareDocument = z.infer<typeof shareDocumentSchema>;

/** Of a document of any version: what says which one it is. */
const versionsSchema = z.object({
  version: z.number(),
  transcript: z.object({ version: z.number() }).optional().catch(undefined),
});

/**
 * A document as bytes, compressed: encrypted it could not be any more.
 * @throws TOO_LARGE (errors the stream) for one that could not be unpacked
 */
export function packDocument(document: ShareDocument): ReadableStream<Uint8Array> {
  const pieces = textPieces(document);
  const encoder = new TextEncoder();
  let sizeBytes = 0;
  const text = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(out) {
      if (document.transcript.segments.length > MAX_SEGMENTS) throw tooLarge('TOO_LARGE');
      const { done, value } = pieces.next();
      if (done) {
        out.close();
        return;
      }
      const bytes = encoder.encode(value);
      sizeBytes += bytes.length;
      if (sizeBytes > MAX_TEXT_BYTES) throw tooLarge('TOO_LARGE');
      out.enqueue(bytes);
    },
  });
  return text.pipeThrough(new CompressionStream('gzip'));
}

/** The document's JSON, segment by segment: as one text it would be too large for one step. */
function* textPieces({ transcript, ...rest }: ShareDocument): Generator<string> {
  const { segments, ...facts } = transcript;
  const head = JSON.stringify({ ...rest, transcript: facts });
  // the transcript comes last, and two braces after it
  yield `${head.slice(0, -2)},"segments":[`;
  for (const [at, segment] of segments.entries())
    yield `${at === 0 ? '' : ','}${JSON.stringify(segment)}`;
  yield ']}}';
}

/**
 * Reads a document back, piece by piece, so that the page it is read on stays responsive.
 * @throws AppError SHARE_TOO_NEW when a later version made it, SHARE_TOO_LARGE, SHARE_DECRYPT_FAILED
 * when it is not a document; ABORTED; what the stream itself fails with
 */
export async function unpackDocument(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): Promise<ShareDocument> {
  const scanner = new SegmentScanner(MAX_SEGMENT_LETTERS, () => tooLarge('SHARE_TOO_LARGE'));
  const slices = new WorkSlices();
  const segments: TranscriptSegment[] = [];
  // thrown only once the version is known: a later version may mean something else
  let failure: unknown = null;
  for await (const text of textOf(packed)) {
    for (const json of scanner.push(text)) {
      if (slices.isOver) await slices.pause();
      throwIfAborted(signal);
      if (failure !== null) continue;
      try {
        segments.push(transcriptSegmentSchema.parse(JSON.parse(json)));
      } catch (cause) {
        failure = cause;
      }
      if (segments.length > MAX_SEGMENTS) throw tooLarge('SHARE_TOO_LARGE');
    }
    if (slices.isOver) await slices.pause();
  }
  try {
    const rest: unknown = JSON.parse(scanner.rest());
    checkVersions(rest);
    if (failure !== null) throw failure;
    const document = shareDocumentSchema.parse(rest);
    return { ...document, transcript: { ...document.transcript, segments } };
  } catch (cause) {
    throw toAppError(cause, 'SHARE_DECRYPT_FAILED');
  }
}

function checkVersions(rest: unknown): void {
  const { data } = versionsSchema.safeParse(rest);
  if (data && (data.version > 1 || (data.transcript?.version ?? 1) > 1))
    throw new AppError('SHARE_TOO_NEW', `The document has version ${data.version}.`);
}

function tooLarge(code: 'TOO_LARGE' | 'SHARE_TOO_LARGE'): AppError {
  return new AppError(code, 'The document is larger than a browser can read.');
}

/** The unpacked text in pieces. */
async function* textOf(packed: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const text = packed
    .pipeThrough(inPieces(PIECE_BYTES))
    .pipeThrough(new DecompressionStream('gzip'));
  const decoder = new TextDecoder();
  let sizeBytes = 0;
  const reader = text.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sizeBytes += value.length;
      if (sizeBytes > MAX_TEXT_BYTES) throw tooLarge('SHARE_TOO_LARGE');
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw toAppError(error, 'SHARE_DECRYPT_FAILED');
  } finally {
    await reader.cancel().catch(() => undefined); // it has failed already, or has ended
  }
}

function inPieces(
  sizeBytes: number,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(bytes, out) {
      for (let at = 0; at < bytes.length; at += sizeBytes)
        out.enqueue(bytes.subarray(at, at + sizeBytes));
    },
  });
}
