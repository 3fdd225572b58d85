import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_CAPTIONS, wholeFrame } from '@/lib/client/captions/captions';
import { packDocument } from './document';
import { deriveShareKeys, newShareSecret, type ShareKeys, sealStream } from './envelope';
import { buildShareLink, parseShareLink } from './link';
import { sealFrame } from './live-sender';
import { type Opening, openLink, openShare } from './open-link';
import { bytesOf, sampleTranscript } from './test-share';

const captions = { ...NO_CAPTIONS, phase: 'ended' as const, words: ['Hello'], finalCount: 1 };
const asked: string[] = [];

/** A server that has one share: a document, live text, or none. */
async function serverWith(kind: 'shares' | 'live' | null, password: string | null = null) {
  const link = newShareSecret();
  const keys = await deriveShareKeys(link, password);
  const document = { version: 1 as const, transcript: sampleTranscript(), audio: null };
  const body =
    kind === 'live'
      ? `${JSON.stringify(await sealFrame(keys.live, 0, true, wholeFrame(captions)))}\n`
      : await bytesOf(packDocument(document).pipeThrough(sealStream(keys.document, 'document')));
  vi.stubGlobal('fetch', async (path: string, { headers }: RequestInit) => {
    asked.push(path.split('/')[2] ?? '');
    const refuse = (status: number, code: string) => Response.json({ code }, { status });
    if (!kind || !path.startsWith(`/api/${kind}/${link.id}`)) return refuse(404, 'NOT_FOUND');
    const isRight = new Headers(headers).get('authorization')?.endsWith(keys.auth);
    return isRight ? new Response(body) : refuse(403, 'FORBIDDEN');
  });
  return link;
}

function open(address: string, password: string | null = null) {
  const { signal } = new AbortController();
  const link = parseShareLink(address, '');
  return openLink(link, password, { signal, until: signal, onProgress: () => undefined });
}

afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
});

describe('opening a link', () => {
  it('follows live text also when a mail program cut off what says that it is live', async () => {
    const link = await serverWith('live');
    const address = buildShareLink('', { ...link, hasPassword: false, isLive: true });
    const opened = await open(address.slice(0, address.indexOf('&')));
    if (opened.kind !== 'live') throw new Error(opened.kind);
    await vi.waitFor(() => expect(opened.live.getState().captions).toEqual(captions));
  });

  it('asks for the password of live text when both of its flags were cut off', async () => {
    const link = await serverWith('live', 'Sesame');
    const address = buildShareLink('', { ...link, hasPassword: false });
    await expect(open(address)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await open(address, 'Sesame')).toMatchObject({ kind: 'live' });
  });

  it('asks once for what the link says it is', async () => {
    const document = await serverWith('shares');
    expect(await open(buildShareLink('', { ...document, hasPassword: false }))).toMatchObject({
      kind: 'open',
    });
    const live = await serverWith('live');
    await open(buildShareLink('', { ...live, hasPassword: false, isLive: true }));
    expect(asked).toEqual(['shares', 'live']);
  });

  it('is not available when the server knows neither', async () => {
    const link = await serverWith(null);
    const address = buildShareLink('', { ...link, hasPassword: false });
    await expect(open(address)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(asked).toEqual(['shares', 'live']);
  });
});

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
