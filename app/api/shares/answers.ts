import type { StoredObject } from '@/lib/server/objects';

/** A part takes a minute on 1 Mbit/s; given up after this many ms. */
export const SLOW_LINE_MS = 300_000;

/** Ciphertext as a stream of bytes that no browser takes for anything else. */
export function ciphertextAnswer(
  { body, sizeBytes }: StoredObject,
  headers: Record<string, string> = {},
): Response {
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(sizeBytes),
      // a proxy that compresses it again would only lose time
      'cache-control': 'no-store, no-transform',
      ...headers,
    },
  });
}
