import { AppError, isAppError } from '@/lib/core';
import { type PutOptions, sendBytes, stalled, watchTransfer } from './put-bytes';
import { noteRequest } from './request-ledger';
import type { RequestReason } from './request-reason';
import { callFailure, statedLength } from './server-call';

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
