import { beforeEach, describe, expect, inject, test } from 'vitest';
import { serverEnv } from '@/lib/server/process/env';
import {
  type StoreFault,
  type StoreProxy,
  storeProxy,
} from '@/lib/server/testing/test-store-proxy';
import { withServer } from '@/lib/server/testing/test-support';
import { objectStore } from './object-store';
import { S3Store } from './s3';
import type { ObjectStore } from './store';

const PORTAL = '<html><body>Please sign in to this network.</body></html>';
const BUSY = { code: 'SERVER_BUSY' };

const bytes = (text: string) => new TextEncoder().encode(text);

let proxy: StoreProxy;
let store: ObjectStore;

async function read(key: string): Promise<string | null> {
  const found = await store.get(key);
  return found && (await new Response(found.body).text());
}

async function keys(prefix = ''): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of store.list(prefix)) all.push(key);
  return all.sort();
}

/** Everything that can be asked of a store. */
const asking: [string, () => Promise<unknown>][] = [
  ['put', () => store.put('new', bytes('new'))],
  ['get', () => read('kept')],
  ['get of nothing', () => read('nothing')],
  ['delete', () => store.delete('kept')],
  ['list', () => keys()],
  ['ping', () => store.ping(AbortSignal.timeout(20_000))],
];

describe.skipIf(inject('serverBackends').kind !== 'services')('an S3 store', () => {
  beforeEach(async () => {
    const backends = inject('serverBackends');
    if (backends.kind !== 'services') return;
    proxy = await storeProxy(backends.s3.endpoint);
    await withServer({ env: { S3_ENDPOINT: proxy.url } });
    store = objectStore();
    await store.put('kept', bytes('kept'));
    proxy.asked.length = 0;
  });

  const faults: [string, StoreFault][] = [
    ['answers 503', { kind: 'answer', status: 503 }],
    ['breaks off', { kind: 'cut' }],
    ['answers with the sign-in page of a network', { kind: 'answer', status: 200, body: PORTAL }],
    ['sends us to another place', { kind: 'answer', status: 302, headers: { location: '/login' } }],
    ['is a web server without such a page', { kind: 'answer', status: 404, body: PORTAL }],
    ['answers 403 for somebody else', { kind: 'answer', status: 403, body: PORTAL }],
    ['answers with an empty 200', { kind: 'answer', status: 200 }],
  ];

  test.each(faults)('that %s is an error for every call, and loses nothing', async (_, fault) => {
    proxy.fail(fault);
    for (const [name, ask] of asking) await expect(ask(), name).rejects.toMatchObject(BUSY);
    proxy.fail(null);
    expect(await keys()).toEqual(['kept']);
    expect(await read('kept')).toBe('kept');
  });

  test('that hangs is given up in time', { timeout: 60_000 }, async () => {
    proxy.fail({ kind: 'hang' });
    const startMs = performance.now();
    const settled = await Promise.allSettled(asking.map(([, ask]) => ask()));
    for (const result of settled)
      expect(result).toMatchObject({ status: 'rejected', reason: BUSY });
    expect(performance.now() - startMs).toBeLessThan(16_000);
    proxy.fail(null);
    expect(await keys()).toEqual(['kept']);
  });

  test('that fails for a moment is asked again, and nobody notices', async () => {
    for (const [name, ask] of asking) {
      proxy.fail({ kind: 'answer', status: 503 }, 2);
      await expect(ask(), name).resolves.not.toThrow();
    }
    proxy.fail({ kind: 'cut' }, 1);
    expect(await keys()).toEqual(['new']);
  });

  test('whose answers are lost has done the work all the same, once it is asked again', async () => {
    proxy.fail({ kind: 'lost-answer' }, 1);
    await store.put('new', bytes('new'));
    proxy.fail({ kind: 'lost-answer' }, 1);
    await store.delete('kept');
    expect(await keys()).toEqual(['new']);
  });

  test('that cuts a body short is an error of the body, not a shorter object', async () => {
    await store.put('large', new Uint8Array(300_000));
    for (const stays of [false, true]) {
      proxy.fail({ kind: 'truncate', afterBytes: 100_000, stays });
      const found = await store.get('large');
      expect(found?.sizeBytes).toBe(300_000);
      await expect(new Response(found?.body).arrayBuffer()).rejects.toThrow();
    }
    proxy.fail({ kind: 'truncate', afterBytes: 150, stays: false });
    await expect(keys()).rejects.toMatchObject(BUSY);
    proxy.fail(null);
    const found = await store.get('large');
    expect((await new Response(found?.body).arrayBuffer()).byteLength).toBe(300_000);
  });

  test('is left alone by a caller who gave up', async () => {
    proxy.fail({ kind: 'hang' });
    const signal = AbortSignal.timeout(150);
    await expect(store.get('kept', { signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(proxy.asked).toHaveLength(1);
    await expect(store.ping(AbortSignal.timeout(150))).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('that does not know us says which variables are wrong, and is asked only once', async () => {
    const { s3 } = serverEnv();
    if (!s3) throw new Error('There is no S3 store.');
    const strangers = [
      { ...s3, secretAccessKey: 'not the secret' },
      { ...s3, accessKeyId: 'nobody' },
    ];
    for (const settings of strangers) {
      store = new S3Store(settings);
      for (const [name, ask] of asking) {
        proxy.asked.length = 0;
        const refused = ask();
        await expect(refused, name).rejects.toThrow(/S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY/);
        await expect(refused, name).rejects.toMatchObject({ code: 'UNKNOWN' });
        expect(proxy.asked, name).toHaveLength(1);
      }
    }
    store = objectStore();
    expect(await keys()).toEqual(['kept']);
  });

  test('without the bucket makes it for what can begin with an empty one, and only then', async () => {
    const { s3 } = serverEnv();
    if (!s3) throw new Error('There is no S3 store.');
    store = new S3Store({ ...s3, bucket: `new-${crypto.randomUUID()}` });
    await expect(read('kept')).rejects.toThrow(/\(S3_BUCKET\) does not exist/);
    await expect(store.delete('kept')).rejects.toThrow(/does not exist/);
    await Promise.all([store.put('first', bytes('1')), store.put('second', bytes('2'))]);
    expect(await keys()).toEqual(['first', 'second']);
    store = new S3Store({ ...s3, bucket: `new-${crypto.randomUUID()}` });
    await store.ping(AbortSignal.timeout(10_000));
    expect(await read('kept')).toBeNull();
  });

  test('is listed over many pages', { timeout: 120_000 }, async () => {
    const all = Array.from({ length: 1_030 }, (_, at) => `many/${String(at).padStart(5, '0')}`);
    for (let at = 0; at < all.length; at += 50)
      await Promise.all(all.slice(at, at + 50).map((key) => store.put(key, bytes('x'))));
    expect(await keys('many/')).toEqual(all);
  });

  test('has few connections after many failures', async () => {
    for (const fault of [...faults.map(([, each]) => each), null]) {
      proxy.fail(fault);
      await Promise.allSettled(Array.from({ length: 10 }, () => read('kept')));
    }
    for (let count = 0; count < 40; count += 1) {
      const found = await store.get('kept');
      await found?.body.cancel();
    }
    await expect.poll(proxy.connections, { timeout: 10_000 }).toBeLessThanOrEqual(12);
  });
});
