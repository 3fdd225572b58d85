import 'server-only';
import { AppError, toAppError } from '@/lib/core';
import { log } from '@/lib/server/process';
import { readText } from './s3-body';
import type { S3Answer, S3Request } from './s3-call';
import { element, failureCode, notTheStore } from './s3-xml';

/** Every part but the last has this size; S3 takes 5 MiB to 5 GiB, and 10,000 of them. */
export const S3_PART_BYTES = 8 * 2 ** 20;

/** Answers of this kind are smaller. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** How long the store has to forget an upload that failed, in ms. */
const ABORT_WITHIN_MS = 10_000;

type Call = (request: S3Request) => Promise<S3Answer>;

/** Cuts pieces of any size into parts, one of which is in memory. */
export async function* partsOf(
  source: AsyncIterable<Uint8Array>,
  partBytes = S3_PART_BYTES,
): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      const taken = piece.subarray(0, partBytes - filled);
      part.set(taken, filled);
      filled += taken.length;
      piece = piece.subarray(taken.length);
      if (filled < partBytes) continue;
      yield part;
      part = new Uint8Array(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/**
 * Uploads parts as one object, which is there once all of them are.
 * @param path of the object, as the caller signs it
 * @throws what the parts throw; SERVER_BUSY, UNKNOWN, ABORTED
 */
export async function putParts(
  call: Call,
  path: string,
  mediaType: string,
  parts: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const uploadId = await begin(call, path, mediaType, signal);
  const at = `${path}?uploadId=${encodeURIComponent(uploadId)}`;
  try {
    const tags: string[] = [];
    for await (const body of parts) {
      const number = tags.length + 1;
      // in the order of their names, by which addresses are signed
      const query = `?partNumber=${number}&uploadId=${encodeURIComponent(uploadId)}`;
      const answer = await call({ method: 'PUT', path: path + query, body, signal });
      answer.end();
      const tag = answer.headers.get('etag');
      if (answer.code !== null || tag === null) throw refused('part', answer);
      tags.push(tag);
    }
    await complete(call, at, tags, signal);
  } catch (error) {
    await abandon(call, at);
    throw error;
  }
}

async function begin(
  call: Call,
  path: string,
  mediaType: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const headers = { 'content-type': mediaType };
  const answer = await call({ method: 'POST', path: `${path}?uploads=`, headers, signal });
  if (answer.code !== null) throw refused('upload', answer);
  try {
    const id = element(await readText(answer.body, MAX_ANSWER_BYTES, signal), 'UploadId');
    if (id === null) throw notTheStore('to an upload in parts without its id');
    return id;
  } finally {
    answer.end();
  }
}

async function complete(
  call: Call,
  path: string,
  tags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const parts = tags.map(
    (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`,
  );
  const text = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  const body = new TextEncoder().encode(text);
  const answer = await call({ method: 'POST', path, body, signal });
  // asked again after a lost answer, the store says that there is no such upload: it is an object by now
  if (answer.code === 'NoSuchUpload') return;
  if (answer.code !== null) throw refused('upload', answer);
  try {
    const said = await readText(answer.body, MAX_ANSWER_BYTES, signal);
    // the status was sent before the store knew
    const code = failureCode(said);
    if (code !== null || element(said, 'Key') === null)
      throw new AppError('SERVER_BUSY', `The object store did not join the parts (${code}).`);
  } finally {
    answer.end();
  }
}

/** So that parts do not stay; a store that cannot do it now forgets them by its own rules. */
async function abandon(call: Call, path: string): Promise<void> {
  try {
    const signal = AbortSignal.timeout(ABORT_WITHIN_MS);
    (await call({ method: 'DELETE', path, signal })).end();
  } catch (error) {
    log('warn', 'objects.upload_not_abandoned', { code: toAppError(error).code });
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function refused(what: string, { status, code }: S3Answer): AppError {
  return new AppError('UNKNOWN', `The object store refused a ${what} (${status} ${code}).`, {
    details: { status, storeCode: code },
  });
}
