import type { StoreApi } from 'zustand/vanilla';
import { serverFetch, stalled, watchTransfer, withRetries } from '@/lib/client/http';
import { AUTH_SCHEME, EXPIRES_HEADER, partCount, partSize, sealedBytes } from '@/lib/contracts';
import { AppError, abortError, isAppError, toAppError } from '@/lib/core';
import type { Transfer } from './create-share';
import { type ShareDocument, type SharedAudio, unpackDocument } from './document';
import { deriveShareKeys, openStream, type ShareKeys } from './envelope';
import type { ShareLink } from './link';
import { followLive, type LiveState } from './live-follower';

/** What a link leads to. */
export type OpenLink =
  | { kind: 'open'; share: OpenShare }
  | { kind: 'live'; live: StoreApi<LiveState> };

interface Options {
  /** Gives up opening. */
  signal: AbortSignal;
  /** Live text is followed until this fires. */
  until: AbortSignal;
  onProgress: (opening: Opening) => void;
}

/**
 * Opens a link, whether it leads to a transcript or to live text. Programs on its way may have cut off what says
 * which: where the server knows nothing of the one kind, it is asked for the other.
 * @throws as `openShare` and `followLive`
 */
export async function openLink(
  link: ShareLink,
  password: string | null,
  { signal, until, onProgress }: Options,
): Promise<OpenLink> {
  const kinds = {
    open: async (): Promise<OpenLink> => ({
      kind: 'open',
      share: await openShare(link, password, signal, onProgress),
    }),
    live: async (): Promise<OpenLink> => ({
      kind: 'live',
      live: await followLive(link, password, until),
    }),
  };
  const [first, other] = link.isLive ? [kinds.live, kinds.open] : [kinds.open, kinds.live];
  try {
    return await first();
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') throw error;
    return await other();
  }
}

/** The document and a part of the audio may take long, as long as something comes, in ms. */
const TIMEOUT_MS = 3_600_000;

/** Decrypted chunks are handed to the browser in pieces of this size: it may keep them on disk. */
const PIECE_BYTES = 16 * 2 ** 20;

/** A share that was opened. */
export interface OpenShare {
  id: string;
  keys: ShareKeys;
  document: ShareDocument;
  /** ISO 8601; `null` if the server did not send it. */
  expiresAt: string | null;
}

/** How far opening a share has come: its document is loaded, then read. */
export interface Opening extends Transfer {
  step: 'loading' | 'reading';
}

/**
 * Opens what is behind a link.
 * @throws NOT_FOUND when the link is not available, FORBIDDEN for a wrong password, RATE_LIMITED,
 * SHARE_DECRYPT_FAILED, SHARE_TOO_NEW, SHARE_TOO_LARGE, SHARE_LINK_INVALID, OFFLINE, SERVER_BUSY,
 * CONNECTION_SLOW, ABORTED
 */
export async function openShare(
  link: ShareLink,
  password: string | null,
  signal: AbortSignal,
  onProgress: (opening: Opening) => void = () => undefined,
): Promise<OpenShare> {
  const keys = await deriveShareKeys(link, password);
  const { bytes, headers } = await download(`/api/shares/${link.id}`, keys, {
    signal,
    onProgress: (loaded) => onProgress({ step: 'loading', ...loaded }),
  });
  const totalBytes = bytes.length;
  let doneBytes = 0;
  const opened = new Blob([bytes])
    .stream()
    .pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, out) {
          out.enqueue(piece);
          doneBytes += piece.length;
          onProgress({ step: 'reading', doneBytes, totalBytes });
        },
      }),
    )
    .pipeThrough(openStream(keys.document, 'document'));
  const document = await unpackDocument(opened, signal);
  return { id: link.id, keys, document, expiresAt: headers.get(EXPIRES_HEADER) };
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
    const { bytes } = await download(`/api/shares/${id}/parts/${part}`, keys, {
      signal,
      onProgress: (part) => onProgress({ doneBytes: doneBytes + part.doneBytes, totalBytes }),
    });
    return bytes;
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

interface DownloadOptions {
  signal: AbortSignal;
  onProgress: (transfer: Transfer) => void;
}

/**
 * Downloads what the server gives out for the auth key.
 * @throws OFFLINE when it breaks off, CONNECTION_SLOW when it stands still, what the server said
 */
async function download(
  path: string,
  { auth }: ShareKeys,
  { signal, onProgress }: DownloadOptions,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; headers: Headers }> {
  const watch = watchTransfer();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let doneBytes = 0;
  try {
    const { body, headers } = await serverFetch('GET', path, {
      headers: { authorization: `${AUTH_SCHEME} ${auth}` },
      signal: AbortSignal.any([signal, watch.signal]),
      timeoutMs: TIMEOUT_MS,
    });
    const totalBytes = Number(headers.get('content-length') ?? 0);
    const reader = body?.getReader();
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) break;
      watch.moved();
      pieces.push(next.value);
      doneBytes += next.value.length;
      onProgress({ doneBytes, totalBytes });
    }
    return { bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()), headers };
  } catch (error) {
    if (signal.aborted) throw abortError(signal);
    if (watch.signal.aborted) throw stalled(`GET ${path}`);
    throw isAppError(error) ? error : new AppError('OFFLINE', 'It broke off.', { cause: error });
  } finally {
    watch.stop();
  }
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
