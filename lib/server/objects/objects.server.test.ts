import { beforeEach, expect, test } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { objectStore } from './object-store';
import type { ListedObject, ObjectStore } from './store';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The text under a key, read to its end; `null` when nothing is there. */
async function read(store: ObjectStore, key: string): Promise<string | null> {
  const found = await store.get(key);
  return found && (await new Response(found.body).text());
}

async function listed(store: ObjectStore, prefix: string): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const found of store.list(prefix)) all.push(found);
  return all.sort((a, b) => (a.key < b.key ? -1 : 1));
}

beforeEach(async () => {
  await withServer();
});

test('gives back what was put, with its size', async () => {
  const store = objectStore();
  await store.put('shares/a/document', bytes('hello'), { mediaType: 'text/plain' });
  const found = await store.get('shares/a/document');
  expect(found?.sizeBytes).toBe(5);
  expect(await new Response(found?.body).text()).toBe('hello');
});

test('knows no object under a key that was never used', async () => {
  expect(await objectStore().get('shares/nothing')).toBeNull();
});

test('writes over what was there, and takes an empty object', async () => {
  const store = objectStore();
  await store.put('key', bytes('first'));
  await store.put('key', bytes('second'));
  expect(await read(store, 'key')).toBe('second');
  await store.put('key', bytes(''));
  expect(await read(store, 'key')).toBe('');
});

test('keeps megabytes as they are', async () => {
  const store = objectStore();
  const body = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Uint8Array(3_000_001).map((_, at) => body[at % body.length] ?? 0);
  await store.put('large', large);
  const found = await store.get('large');
  const back = new Uint8Array(await new Response(found?.body).arrayBuffer());
  expect(Buffer.compare(back, large)).toBe(0);
});

/** Pieces of uneven sizes, and the text of all of them. */
async function* pieces(count: number, failsAt = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < count; at += 1) {
    if (at === failsAt) throw new Error('The source failed.');
    yield bytes(String(at % 10).repeat(1_000_003));
  }
}

test('takes bodies that come in pieces, small ones and ones of many parts', async () => {
  const store = objectStore();
  for (const count of [0, 1, 20]) {
    await store.putStream('streamed', pieces(count), { mediaType: 'text/plain' });
    const found = await store.get('streamed');
    expect(found?.sizeBytes).toBe(count * 1_000_003);
    const text = await new Response(found?.body).text();
    for (let at = 0; at < count; at += 1)
      expect(text.slice(at * 1_000_003, (at + 1) * 1_000_003)).toMatch(new RegExp(`^${at % 10}+$`));
  }
});

test('keeps nothing of a body whose source fails', async () => {
  const store = objectStore();
  for (const count of [2, 18])
    await expect(store.putStream('broken', pieces(20, count))).rejects.toThrow('The source failed');
  expect(await store.get('broken')).toBeNull();
});

test('deletes, also what is not there', async () => {
  const store = objectStore();
  await store.put('key', bytes('x'));
  await store.delete('key');
  expect(await store.get('key')).toBeNull();
  await store.delete('key');
  await store.delete('never/was');
});

test('lists what lies under a prefix, with sizes and times, and nothing else', async () => {
  const store = objectStore();
  for (const key of ['a', 'a/b', 'a/b/c', 'ab/c', 'b/a']) await store.put(key, bytes(key));
  expect((await listed(store, 'a/')).map(({ key }) => key)).toEqual(['a/b', 'a/b/c']);
  expect((await listed(store, 'a')).map(({ key }) => key)).toEqual(['a', 'a/b', 'a/b/c', 'ab/c']);
  const [first] = await listed(store, 'b/');
  expect(first).toMatchObject({ key: 'b/a', sizeBytes: 3 });
  expect(Math.abs(Date.now() - (first?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000);
  expect(await listed(store, 'c/')).toEqual([]);
});

test('refuses invalid keys, and paths that leave the store', async () => {
  const store = objectStore();
  const tricks = [
    '',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../b',
    './a',
    'a\\b',
    'a\0b',
    'a b',
    '%2e%2e/a',
    'é',
  ];
  for (const key of [...tricks, 'x'.repeat(513)]) {
    await expect(store.put(key, bytes('x')), key).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(store.get(key), key).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(store.delete(key), key).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  }
});

test('stops when it is asked to', async () => {
  const store = objectStore();
  await store.put('key', bytes('x'));
  const signal = AbortSignal.abort();
  await expect(store.put('key', bytes('y'), { signal })).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(store.get('key', { signal })).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await read(store, 'key')).toBe('x');
});

test('stops a body when its reader gives up', async () => {
  const store = objectStore();
  await store.put('large', new Uint8Array(4_000_000));
  const controller = new AbortController();
  const found = await store.get('large', { signal: controller.signal });
  const reader = found?.body.getReader();
  await reader?.read();
  controller.abort();
  const rest = async () => {
    for (;;) if ((await reader?.read())?.done !== false) return;
  };
  await expect(rest()).rejects.toMatchObject({ code: 'ABORTED' });
});

test('survives readers that do not read to the end', async () => {
  const store = objectStore();
  await store.put('large', new Uint8Array(2_000_000));
  for (let count = 0; count < 30; count += 1) {
    const found = await store.get('large');
    const reader = found?.body.getReader();
    await reader?.read();
    await reader?.cancel();
  }
  const last = await store.get('large');
  expect(last?.sizeBytes).toBe(2_000_000);
  await last?.body.cancel();
});

test('answers a ping', async () => {
  await objectStore().ping(AbortSignal.timeout(10_000));
});

test('writes one key from many callers at once, and one of them wins whole', async () => {
  const store = objectStore();
  const bodies = Array.from({ length: 12 }, (_, at) => String(at).repeat(50_000));
  await Promise.all(bodies.map((body) => store.put('key', bytes(body))));
  expect(bodies).toContain(await read(store, 'key'));
});
