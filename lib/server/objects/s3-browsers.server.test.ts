import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { serverEnv } from '@/lib/server/process/env';
import { scratchName } from '@/lib/server/testing/test-backends';
import { withServer } from '@/lib/server/testing/test-support';
import { allowBrowsers, objectStore } from './object-store';
import { S3Bucket } from './s3-bucket';
import { S3Caller } from './s3-call';

const backends = inject('serverBackends');
const endpoint = backends.kind === 'services' ? backends.s3.endpoint : '';
const ORIGIN = 'https://ai2text.example.org';

const content = new TextEncoder().encode('what was announced');
const facts = {
  sha256: createHash('sha256').update(content).digest('hex'),
  sizeBytes: content.length,
  lifetimeS: 300,
};

it('gives no addresses where browsers do not reach the store', async () => {
  await withServer();
  expect(await objectStore().uploadAddress('a/key', facts)).toBeNull();
});

describe.skipIf(backends.kind !== 'services')('a store that browsers reach', () => {
  beforeEach(async () => {
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockReturnValue(true);
    await withServer({
      env: {
        S3_PUBLIC_ENDPOINT: endpoint,
        S3_BUCKET: scratchName('browsers').replace('_', '-'),
        NEXTAUTH_URL: ORIGIN,
      },
    });
    await objectStore().put('a/neighbour', content);
  });

  async function address(key = 'a/key') {
    const found = await objectStore().uploadAddress(key, facts);
    if (!found) throw new Error('There is no address.');
    return found;
  }

  const put = ({ url, headers }: Awaited<ReturnType<typeof address>>, body = content) =>
    fetch(url, { method: 'PUT', headers, body });

  const isThere = async (key = 'a/key') => {
    const found = await objectStore().get(key);
    await found?.body.cancel();
    return found !== null;
  };

  it('takes what an address is for', async () => {
    expect((await put(await address())).status).toBe(200);
    expect((await objectStore().get('a/key'))?.sizeBytes).toBe(content.length);
  });

  const changed = content.map((byte) => byte ^ 1);
  type Address = Awaited<ReturnType<typeof address>>;
  const misuses: [string, (given: Address) => Promise<Response>][] = [
    ['other content', (given) => put(given, changed)],
    ['less', (given) => put(given, content.slice(1))],
    ['more', (given) => put(given, new Uint8Array([...content, 0]))],
    [
      'content of another hash, which is said',
      (given) => {
        const sha256 = createHash('sha256').update(changed).digest('hex');
        const headers = { ...given.headers, 'x-amz-content-sha256': sha256 };
        return put({ ...given, headers }, changed);
      },
    ],
    [
      'content whose hash is not said',
      ({ url }) => put({ url, headers: { 'content-type': 'application/octet-stream' } }, changed),
    ],
    [
      'another type',
      (given) => put({ ...given, headers: { ...given.headers, 'content-type': 'text/html' } }),
    ],
    ['another key', (given) => put({ ...given, url: given.url.replace('/a/key?', '/a/other?') })],
    [
      'a longer time',
      (given) => put({ ...given, url: given.url.replace('Expires=300', 'Expires=900') }),
    ],
    ['a look at it', ({ url, headers }) => fetch(url, { headers })],
    ['its end', ({ url, headers }) => fetch(url, { method: 'DELETE', headers })],
  ];

  it.each(misuses)('refuses %s at such an address', async (_, misuse) => {
    const answer = await misuse(await address());
    expect([400, 403]).toContain(answer.status);
    for (const key of ['a/key', 'a/other']) expect(await isThere(key), key).toBe(false);
    expect(await isThere('a/neighbour')).toBe(true);
  });

  it('refuses an address after its time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 301_000 });
    const late = await address();
    vi.useRealTimers();
    expect((await put(late)).status).toBe(403);
    expect(await isThere()).toBe(false);
  });

  /** What a browser asks before it sends, and what the store allows. */
  async function preflight(origin: string) {
    const { url } = await address();
    const { headers } = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,x-amz-content-sha256',
      },
    });
    const allowed = (name: string) => headers.get(`access-control-allow-${name}`);
    return { origin: allowed('origin'), headers: allowed('headers')?.toLowerCase() };
  }

  it('lets pages of the app in, and of no other address, once the app has said so', async () => {
    expect((await preflight(ORIGIN)).origin).toBeNull();
    await allowBrowsers();
    await allowBrowsers();
    const allowed = await preflight(ORIGIN);
    expect(allowed.origin).toBe(ORIGIN);
    for (const name of ['content-type', 'x-amz-content-sha256'])
      expect(allowed.headers).toContain(name);
    expect((await preflight('https://elsewhere.example.org')).origin).toBeNull();
    const { s3 } = serverEnv();
    const url = s3 && (await new S3Bucket(s3).presign(`${s3.prefix}a/neighbour`, 'a', 60));
    const { status, headers } = await fetch(url ?? '', { headers: { origin: ORIGIN } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN]);
  });

  it('follows the app to another address', async () => {
    await allowBrowsers();
    const env = serverEnv();
    env.publicUrl = 'https://moved.example.org';
    await allowBrowsers();
    expect((await preflight('https://moved.example.org')).origin).not.toBeNull();
    expect((await preflight(ORIGIN)).origin).toBeNull();
  });

  it('leaves rules alone that somebody else has set, and says what is missing', async () => {
    const { s3 } = serverEnv();
    if (!s3) throw new Error('There is no bucket.');
    const others = `<CORSConfiguration><CORSRule><AllowedOrigin>https://other.example.org</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;
    const body = new TextEncoder().encode(others);
    const md5 = createHash('md5').update(body).digest('base64');
    const caller = new S3Caller(s3);
    const headers = { 'content-md5': md5 };
    (await caller.call({ method: 'PUT', path: '?cors=', headers, body })).end();
    const written = vi.mocked(process.stderr.write);
    written.mockClear();
    await allowBrowsers();
    expect(String(written.mock.calls.at(-1)?.[0])).toContain(`GET and PUT from ${ORIGIN}`);
    expect((await preflight(ORIGIN)).origin).toBeNull();
    expect((await preflight('https://other.example.org')).origin).not.toBeNull();
  });
});
