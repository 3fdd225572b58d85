import { AppError, abortError, isAppError, onAbort, watchForStall } from '@/lib/core';
import { noteOwnRequest, noteRequest, type RequestReason } from './request-ledger';
import { callFailure, errorOf, statedLength } from './server-call';

/** What an upload reports to, and is ended by. */
interface PutOptions {
  signal: AbortSignal;
  /** Gets how many bytes were sent so far. */
  onProgress?: (sentBytes: number) => void;
}

/**
 * Sends bytes to our own server.
 * @throws OFFLINE, CONNECTION_SLOW when it stands still, SERVER_BUSY when all of it was sent and no
 * answer comes, ABORTED, else what the server said
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

/** A transfer in which nothing moved for this long is given up, in ms. */
const STALLED_MS = 60_000;

/** Watches a transfer with our server. */
export const watchTransfer = () => watchForStall(STALLED_MS);

/**
 * What a stalled transfer fails with. Our server says itself when it is busy, within seconds: what
 * stands still longer is the line.
 */
export function stalled(what: string): AppError {
  return new AppError('CONNECTION_SLOW', `${what} stood still`, { details: { isStalled: true } });
}

/**
 * Sends bytes to the object store, at an address that our server has signed.
 * @param reason why, for the list of requests
 * @throws OFFLINE also where the store lets no page of this address in; UNKNOWN when it refuses; else as `putBytes`
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
 * Gets a file from an address that our server has given: its own, or one of the object store.
 * @param onProgress gets how many bytes have come
 * @throws OFFLINE, ABORTED; CONNECTION_SLOW: it stands still; NOT_FOUND: it is gone; SERVER_BUSY for whatever else is
 * refused
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
      // the browser makes a blob of it as it comes, and keeps a large one on its disk
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
