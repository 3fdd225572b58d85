import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deriveShareKeys, newShareSecret, type ShareKeys } from './crypto';
import { packDocument } from './document';
import { sealStream } from './envelope';
import { type Opening, openShare } from './open-share';
import { bytesOf, sampleTranscript } from './test-share';

const link = { ...newShareSecret(), hasPassword: false };
const never = new AbortController().signal;
let keys: ShareKeys;
let sealed: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  keys = await deriveShareKeys(link, null);
  const document = { version: 1 as const, transcript: sampleTranscript(), audio: null };
  sealed = await bytesOf(packDocument(document).pipeThrough(sealStream(keys.document, 'document')));
});

/** The server answers with these bytes, then ends, or sends no more. */
function serverSends(bytes: Uint8Array<ArrayBuffer>, ends = true): void {
  vi.stubGlobal('fetch', async (_path: string, { signal }: RequestInit) => {
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(out) {
        out.enqueue(bytes);
        if (ends) out.close();
        signal?.addEventListener('abort', () => out.error(signal.reason));
      },
    });
    return new Response(body, { headers: { 'content-length': String(sealed.length) } });
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('opening a share', () => {
  it('reports how far it has come, first loading, then reading', async () => {
    serverSends(sealed);
    const openings: Opening[] = [];
    const share = await openShare(link, null, never, (opening) => openings.push(opening));
    expect(share.document.transcript).toEqual(sampleTranscript());
    const whole = { doneBytes: sealed.length, totalBytes: sealed.length };
    expect(openings).toContainEqual({ step: 'loading', ...whole });
    expect(openings.at(-1)).toEqual({ step: 'reading', ...whole });
  });

  it('says that the connection is slow when nothing comes any more', async () => {
    serverSends(sealed.subarray(0, 30), false);
    const failed = expect(openShare(link, null, never)).rejects.toMatchObject({
      code: 'CONNECTION_SLOW',
    });
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(60_000);
    await failed;
  });

  it('distinguishes one that a later version made from one that was damaged', async () => {
    const later = sealed.slice();
    later[3] = 2;
    serverSends(later);
    await expect(openShare(link, null, never)).rejects.toMatchObject({ code: 'SHARE_TOO_NEW' });
    const damaged = sealed.slice();
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    serverSends(damaged);
    await expect(openShare(link, null, never)).rejects.toMatchObject({
      code: 'SHARE_DECRYPT_FAILED',
    });
  });

  it('stops when it is asked to', async () => {
    serverSends(sealed.subarray(0, 30), false);
    const controller = new AbortController();
    const failed = expect(openShare(link, null, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    controller.abort();
    await failed;
  });
});
