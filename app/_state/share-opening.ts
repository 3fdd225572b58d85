import { AppError, isAbort, toAppError } from '@/lib/core/errors';
import { deriveShareKeys, type ShareKeys } from '@/lib/share/crypto';
import { type ShareDocument, type SharedAudio, unpackDocument } from '@/lib/share/document';
import { openStream } from '@/lib/share/envelope';
import type { ShareLink } from '@/lib/share/link';
import { AUTH_SCHEME, EXPIRES_HEADER } from '@/lib/share/protocol';
import { partCount, partSize, sealedBytes } from '@/lib/share/sizes';
import { withRetries } from './retries';
import { serverFetch } from './server-call';
import type { Transfer } from './share-making';

/** A slow line gets so long for the document, or for a part of the audio, in ms. */
const TIMEOUT_MS = 300_000;

/** Decrypted chunks are handed to the browser in pieces of this size: it may keep them on disk. */
const PIECE_BYTES = 16 * 2 ** 20;

/** A share that was opened. */
export interface OpenShare {
  id: string;
  keys: ShareKeys;
  document: ShareDocument;
  /** ISO 8601; `null` when the server did not tell. */
  expiresAt: string | null;
}

/**
 * Opens what is behind a link.
 * @throws NOT_FOUND when the link is not available, FORBIDDEN for a wrong password, RATE_LIMITED,
 * SHARE_DECRYPT_FAILED, SHARE_LINK_INVALID, OFFLINE, SERVER_BUSY, ABORTED
 */
export async function openShare(
  link: ShareLink,
  password: string | null,
  signal: AbortSignal,
): Promise<OpenShare> {
  const keys = await deriveShareKeys(link, password);
  const response = await get(`/api/shares/${link.id}`, keys, signal);
  const sealed = new Blob([await bytesOf(response)]);
  const opened = sealed.stream().pipeThrough(openStream(keys.document, 'document'));
  const document = await unpackDocument(opened);
  return { id: link.id, keys, document, expiresAt: response.headers.get(EXPIRES_HEADER) };
}

/**
 * Downloads and decrypts the recording of a share, part by part and chunk by chunk.
 * @returns the whole of it: not before its last chunk is known to be the last
 * @throws as `openShare`
 */
export async function downloadAudio(
  { id, keys }: OpenShare,
  audio: SharedAudio,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (transfer: Transfer) => void },
): Promise<Blob> {
  const totalBytes = sealedBytes(audio.sizeBytes);
  let part = 0;
  let doneBytes = 0;
  const readPart = async () => {
    const response = await get(`/api/shares/${id}/parts/${part}`, keys, signal);
    const tell = (bytes: number) => onProgress({ doneBytes: doneBytes + bytes, totalBytes });
    return bytesOf(response, tell);
  };
  const sealed = new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        if (part === partCount(totalBytes)) {
          out.close();
          return;
        }
        const bytes = await withRetries(readPart, signal);
        if (bytes.length !== partSize(totalBytes, part))
          throw new AppError('SHARE_DECRYPT_FAILED', `Part ${part} has another size.`);
        part += 1;
        doneBytes += bytes.length;
        out.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
  const opened = sealed.pipeThrough(openStream(keys.audio, 'audio'));
  return collect(opened, audio.mediaType);
}

function get(path: string, { auth }: ShareKeys, signal: AbortSignal): Promise<Response> {
  const headers = { authorization: `${AUTH_SCHEME} ${auth}` };
  return serverFetch('GET', path, { headers, signal, timeoutMs: TIMEOUT_MS });
}

/** The whole body. @throws OFFLINE when it breaks off */
async function bytesOf(
  { body }: Response,
  tell: (bytes: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let count = 0;
  try {
    const reader = body?.getReader();
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) break;
      pieces.push(next.value);
      count += next.value.length;
      tell(count);
    }
  } catch (error) {
    throw isAbort(error)
      ? toAppError(error)
      : new AppError('OFFLINE', 'The answer broke off.', { cause: error });
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  mediaType: string,
): Promise<Blob> {
  const blobs: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let count = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob([...blobs, ...chunks], { type: mediaType });
    chunks.push(value);
    count += value.length;
    if (count < PIECE_BYTES) continue;
    blobs.push(new Blob(chunks));
    chunks = [];
    count = 0;
  }
}
