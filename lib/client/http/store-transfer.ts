import { AppError, abortError, isAppError, onAbort, watchForStall } from '@/lib/core';
import { noteOwnRequest, noteRequest, type RequestReason } from './request-ledger';
import { callFailure, errorOf, statedLength } from './server-call';

/** How an upload is aborted, and where it reports. */
interface PutOptions {
  signal: AbortSignal;
  /** Gets how many bytes were sent so far. */
  onProgress?: (sentBytes: number) => void;
}

/**
 * Sends bytes to our own server.
 * @throws OFFLINE, CONNECTION_SLOW when it stalls, SERVER_BUSY when everything was sent but no answer comes,
 * ABORTED, else the server's error
 */
export function putBytes(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: PutOptions,
): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  return sendBytes({ url: path, headers, name: path }, bytes, options, () =>
    noteOwnRequest({ url: path, method: 'PUT', sentBytes: bytes.byteLength }),
  );
}

/**
 * Sends bytes to an address. Not by `fetch`, which does not report how much was sent.
 * @param note notes the request, and then its end @throws as `putBytes`
 */
function sendBytes(
  { url, headers, name }: { url: string; headers: Record<string, string>; name: string },
  bytes: Uint8Array<ArrayBuffer>,
  { signal, onProgress }: PutOptions,
  note: () => ReturnType<typeof noteRequest>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal));
      return;
    }
    const what = `PUT ${name}`;
    const request = new XMLHttpRequest();
    const watch = watchTransfer();
    const combined = AbortSignal.any([signal, watch.signal]);
    const stopListening = onAbort(combined, () => request.abort());

    request.upload.onprogress = ({ loaded }) => {
      watch.moved();
      onProgress?.(loaded);
    };
    let isSent = false;
    request.upload.onload = () => {
      watch.moved();
      isSent = true;
    };
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve();
      // a body is not allowed with every status, and none of those is a failure
      else errorOf(new Response(responseText, { status }), what).then(reject, reject);
    };
    request.onerror = () => reject(new AppError('OFFLINE', `${what} did not reach the server`));
    request.onabort = () => {
      if (signal.aborted) reject(abortError(signal));
      else reject(isSent ? new AppError('SERVER_BUSY', `${what} had no answer`) : stalled(what));
    };
    request.onloadend = () => {
      end({ status: request.status || null });
      watch.stop();
      stopListening();
    };
    const end = note();
    request.open('PUT', url);
    for (const [header, value] of Object.entries(headers)) request.setRequestHeader(header, value);
    request.send(bytes);
  });
}

/** A transfer is given up after this long without progress, in ms. */
const STALLED_MS = 60_000;

/** Watches a transfer for stalls. */
export const watchTransfer = () => watchForStall(STALLED_MS);

/**
 * The error of a stalled transfer. A busy server says so within seconds, so a longer stall means a slow
 * connection.
 */
export function stalled(what: string): AppError {
  return new AppError('CONNECTION_SLOW', `${what} stood still`, { details: { isStalled: true } });
}

/**
 * Sends bytes to the object store, at an address that our server has signed.
 * @param reason why, for the list of requests
 * @throws OFFLINE, also when the store's CORS rules exclude this origin; UNKNOWN when it refuses; else as `putBytes`
 */
export function putToStore(
  { url, headers }: { url: string; headers: Record<string, string> },
  bytes: Uint8Array<ArrayBuffer>,
  reason: RequestReason,
  options: PutOptions,
): Promise<void> {
  return sendBytes({ url, headers, name: 'to the store' }, bytes, options, () =>
    noteRequest({ url, method: 'PUT', reason, sentBytes: bytes.byteLength }),
  );
}

/**
 * Downloads a file from an address that our server has given out: its own, or one of the object store.
 * @param onProgress called with the bytes received so far
 * @throws OFFLINE, ABORTED; CONNECTION_SLOW: it stalls; NOT_FOUND: it is gone; SERVER_BUSY for any other refusal
 */
export async function getFromStore(
  url: string,
  signal: AbortSignal,
  onProgress: (doneBytes: number) => void,
): Promise<Blob> {
  const what = 'GET of a recording';
  const watch = watchTransfer();
  const end = noteRequest({ url, method: 'GET', reason: 'server-facts', sentBytes: 0 });
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, watch.signal]),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    });
    end({ status: response.status, receivedBytes: statedLength(response) });
    if (response.ok && response.body) {
      let doneBytes = 0;
      const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, out) {
          doneBytes += piece.length;
          watch.moved();
          onProgress(doneBytes);
          out.enqueue(piece);
        },
      });
      // the browser builds the blob as bytes arrive, and keeps a large one on disk
      return await new Response(response.body.pipeThrough(counted)).blob();
    }
    throw new AppError(
      response.status === 404 ? 'NOT_FOUND' : 'SERVER_BUSY',
      `${what} answered ${response.status}`,
    );
  } catch (error) {
    end();
    if (watch.signal.aborted) throw stalled(what);
    throw isAppError(error) ? error : callFailure(error, what);
  } finally {
    watch.stop();
  }
}
