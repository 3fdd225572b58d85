import { abortError, onAbort } from '@/lib/core/abort';
import { AppError } from '@/lib/core/errors';
import { errorOf } from './server-call';

/** An upload of which nothing moved for so long is given up, in ms. */
const STALLED_MS = 60_000;

/**
 * Sends bytes to our own server. Not by `fetch`, which does not tell how much was sent.
 * @param onProgress bytes sent so far
 * @throws OFFLINE, SERVER_BUSY when it stands still, ABORTED, else what the server said
 */
export function putBytes(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sentBytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const what = `PUT ${path}`;
    const request = new XMLHttpRequest();
    const stopListening = onAbort(signal, () => request.abort());
    let timer: ReturnType<typeof setTimeout>;
    const moved = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };

    request.upload.onprogress = ({ loaded }) => {
      moved();
      onProgress(loaded);
    };
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve();
      // a body is not allowed with every status, and none of those is a failure
      else errorOf(new Response(responseText, { status }), what).then(reject, reject);
    };
    request.onerror = () => reject(new AppError('OFFLINE', `${what} did not reach the server`));
    request.onabort = () =>
      reject(
        signal.aborted ? abortError(signal) : new AppError('SERVER_BUSY', `${what} stood still`),
      );
    request.onloadend = () => {
      clearTimeout(timer);
      stopListening();
    };
    request.open('PUT', path);
    request.setRequestHeader('content-type', 'application/octet-stream');
    moved();
    if (signal.aborted) reject(abortError(signal));
    else request.send(bytes);
  });
}
