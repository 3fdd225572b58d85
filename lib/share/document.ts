import { z } from 'zod';
import { AppError, toAppError } from '../core/errors';
import { transcriptSchema } from '../transcript/types';

/** The most text that is unpacked: a small envelope may claim to hold any amount. */
const MAX_TEXT_BYTES = 128 * 2 ** 20;

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
  /** As exported (contract section 3). */
  transcript: transcriptSchema,
  audio: sharedAudioSchema.nullable(),
});

export type SharedAudio = z.infer<typeof sharedAudioSchema>;
export type ShareDocument = z.infer<typeof shareDocumentSchema>;

/** A document as bytes, compressed: encrypted it could not be any more. */
export function packDocument(document: ShareDocument): ReadableStream<Uint8Array> {
  const text = new Blob([JSON.stringify(document)]);
  return text.stream().pipeThrough(new CompressionStream('gzip'));
}

/**
 * Reads a document back.
 * @throws AppError SHARE_DECRYPT_FAILED when it is not one; what the stream itself fails with
 */
export async function unpackDocument(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<ShareDocument> {
  const text = await textOf(packed.pipeThrough(new DecompressionStream('gzip')));
  try {
    return shareDocumentSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('SHARE_DECRYPT_FAILED', 'This is no shared transcript.', { cause });
  }
}

async function textOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return await new Blob(pieces).text();
      sizeBytes += value.length;
      if (sizeBytes > MAX_TEXT_BYTES)
        throw new AppError('SHARE_DECRYPT_FAILED', 'The document is too large to be read.');
      pieces.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined); // it has failed already
    throw toAppError(error, 'SHARE_DECRYPT_FAILED');
  }
}
