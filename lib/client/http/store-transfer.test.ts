import { afterEach, expect, it, vi } from 'vitest';
import { getFromStore } from './store-transfer';

const never = new AbortController().signal;
const URL_OF_STORE = 'https://s3.example.org/bucket/talk.wav';

afterEach(() => vi.unstubAllGlobals());

/** A body of these pieces, after which nothing comes. */
const unfinished = (...pieces: string[]) =>
  new ReadableStream({
    start(out) {
      for (const piece of pieces) out.enqueue(new TextEncoder().encode(piece));
    },
  });

it('says how much of a file has come, and gives the whole', async () => {
  vi.stubGlobal('fetch', async () => new Response(new Blob(['01234', '56789'])));
  const progress: number[] = [];
  const blob = await getFromStore(URL_OF_STORE, never, (done) => progress.push(done));
  expect(await blob.text()).toBe('0123456789');
  expect(progress.at(-1)).toBe(10);
});

it('ends in the middle of a file when it is cancelled', async () => {
  const controller = new AbortController();
  vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => {
    const body = unfinished('01234');
    const { readable, writable } = new TransformStream();
    body.pipeTo(writable, { signal: signal ?? never }).catch(() => undefined);
    return new Response(readable);
  });
  const getting = getFromStore(URL_OF_STORE, controller.signal, () => controller.abort());
  await expect(getting).rejects.toMatchObject({ code: 'ABORTED' });
});

it.each([
  [404, 'NOT_FOUND'],
  [403, 'SERVER_BUSY'],
])('says what an answer of %i means: %s', async (status, code) => {
  vi.stubGlobal('fetch', async () => new Response('<Error/>', { status }));
  await expect(getFromStore(URL_OF_STORE, never, () => undefined)).rejects.toMatchObject({ code });
});
