import 'server-only';
import { createHmac } from 'node:crypto';
import { AppError } from '@/lib/core';
import { parseRange } from '@/lib/server/http';
import { isSameSecret, sessionSecret } from '@/lib/server/process';
import { type IncomingFile, incoming } from './incoming';

/** How long an address of a recording holds: long enough to begin a download, which may then take its time. */
const ADDRESS_S = 300;

const gone = () => new AppError('NOT_FOUND', 'This recording is gone, or was replaced.');

async function signatureOf(id: string, expiresS: number): Promise<string> {
  const hmac = createHmac('sha256', await sessionSecret());
  return hmac.update(`inbox audio ${id} ${expiresS}`).digest('base64url');
}

/**
 * An address of the recording of a job: in the object store where browsers reach it, else in the app.
 * @throws NOT_FOUND: it is gone, or another file lies there now
 */
export async function incomingAddress(
  id: string,
  { key, etag }: IncomingFile,
  signal: AbortSignal,
): Promise<{ url: string; expiresAt: string }> {
  const from = incoming();
  // anyone with the address gets what lies there
  if ((await from.look(key, signal))?.etag !== etag) throw gone();
  const expiresS = Math.floor(Date.now() / 1000) + ADDRESS_S;
  const signed = async () => {
    const query = { expires: String(expiresS), signature: await signatureOf(id, expiresS) };
    return `/api/inbox/${id}/signed-audio?${new URLSearchParams(query)}`;
  };
  return {
    url: (await from.address(key, ADDRESS_S)) ?? (await signed()),
    expiresAt: new Date(expiresS * 1000).toISOString(),
  };
}

/** Whether an address was made here and still holds. */
export async function holdsAddress(
  id: string,
  { expires, signature }: { expires: number; signature: string },
): Promise<boolean> {
  const isOurs = isSameSecret(signature, await signatureOf(id, expires));
  return isOurs && expires * 1000 > Date.now();
}

/**
 * A recording, or the range of it that is asked for.
 * @throws NOT_FOUND: it is gone, or another file lies there now
 */
export async function answerIncoming(
  source: IncomingFile,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const range = parseRange(request.headers.get('range'), source.sizeBytes);
  if (range === 'none')
    return new Response(null, {
      status: 416,
      headers: { 'content-range': `bytes */${source.sizeBytes}` },
    });
  const span = range ?? { start: 0, end: source.sizeBytes };
  const body = await incoming().read(source, span, signal);
  if (!body) throw gone();
  // the stream's pieces are never over shared memory
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    status: range ? 206 : 200,
    headers: {
      // whatever it is: nothing of it is shown as a page
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': String(span.end - span.start),
      'accept-ranges': 'bytes',
      ...(range && {
        'content-range': `bytes ${span.start}-${span.end - 1}/${source.sizeBytes}`,
      }),
    },
  });
}
