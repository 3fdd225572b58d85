import { AppError, abortError, onAbort, watchForStall } from '@/lib/core';
import { noteOwnRequest, type noteRequest } from './request-ledger';
import { errorOf } from './server-call';

/** What an upload reports to, and is ended by. */
export interface PutOptions {
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
export function sendBytes(
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
