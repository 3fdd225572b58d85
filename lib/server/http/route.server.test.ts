import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { delay } from '@/lib/core/abort';
import { AppError } from '@/lib/core/errors';
import { answerOf, logged, post, request, WIDE_LIMIT } from '@/lib/server/testing/request';
import { withServer } from '@/lib/server/testing/test-support';
import { route } from './route';

describe('what a route takes', () => {
  beforeEach(async () => {
    await withServer({ database: 'none' });
  });

  const echo = route({
    name: 'it.echo',
    session: 'open',
    params: z.object({ id: z.uuid() }),
    query: z.object({ page: z.coerce.number().int().max(9).default(1) }),
    body: z.strictObject({ title: z.string().max(5) }),
    limit: WIDE_LIMIT,
    maxBytes: 100,
    handle: async ({ params, query, body }) => ({ params, query, body }),
  });
  const id = '6f0b5f8e-3f4f-4f43-9f5c-0a4b8e1f9c11';
  const at = (value: string) => ({ params: Promise.resolve({ id: value }) });

  it('hands on what its schemas made of path, query and body', async () => {
    const response = await echo(post({ title: 'One' }), at(id));
    expect(await response.json()).toEqual({
      params: { id },
      query: { page: 1 },
      body: { title: 'One' },
    });
  });

  it('gives every answer a request id of its own and lets nobody keep it', async () => {
    const answers = await Promise.all([
      echo(post({ title: 'One' }), at(id)),
      echo(post({}), at(id)),
    ]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(2);
    for (const value of ids) expect(value).toMatch(/^[0-9a-f-]{36}$/);
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['a path that fits no id', post({ title: 'One' }), '../../etc'],
    ['a value of another type', post({ title: 7 }), id],
    ['a value that is too long', post({ title: 'Too long' }), id],
    ['fields that nobody asked for', post({ title: 'One', role: 'owner' }), id],
    ['a body that is not an object', post('null'), id],
    ['a body that is no JSON', post('{"title":'), id],
    ['an empty body', post(''), id],
    [
      'bytes that are no text',
      request('', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array([0xff, 0xfe]),
      }),
      id,
    ],
    ['JSON that a form could send', post({ title: 'One' }, { 'content-type': 'text/plain' }), id],
  ])('refuses %s', async (_what, sent, path) => {
    const { status, code, message } = await answerOf(await echo(sent, at(path)));
    expect({ status, code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(message).toMatch(/\.$/);
  });

  it('says which field is wrong and does not repeat its value', async () => {
    const { message } = await answerOf(await echo(post({ title: 'My secret title' }), at(id)));
    expect(message).toMatch(/^title: /);
    expect(message).not.toContain('secret');
  });

  it('refuses a body whose declared length is too large, without reading it', async () => {
    const sent = post({ title: 'x'.repeat(200) }, { 'content-length': '213' });
    expect(await answerOf(await echo(sent, at(id)))).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
    });
    expect(sent.bodyUsed).toBe(false);
  });

  it('stops reading a body without a declared length as soon as it is too large', async () => {
    let pieces = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pieces += 1;
        controller.enqueue(new Uint8Array(40).fill(0x20));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const sent = request('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await answerOf(await echo(sent, at(id)))).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
    });
    expect(pieces).toBeLessThan(8);
    expect(isCancelled).toBe(true);
  });

  it('does not believe a declared length that is too small', async () => {
    const sent = post({ title: 'x'.repeat(200) }, { 'content-length': '10' });
    expect((await echo(sent, at(id))).status).toBe(413);
  });

  it('refuses a body that breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"title":'));
        controller.error(new Error('socket hang up'));
      },
    });
    const sent = request('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect((await echo(sent, at(id))).status).toBe(400);
  });
});

describe('how long a route may take', () => {
  beforeEach(async () => {
    await withServer({ database: 'none' });
  });

  it('answers that it is busy when time is up, and stops the work', async () => {
    let signal: AbortSignal | undefined;
    const slow = route({
      name: 'it.slow',
      session: 'open',
      limit: WIDE_LIMIT,
      timeoutMs: 30,
      async handle(context) {
        signal = context.signal;
        await delay(10_000, context.signal);
        return null;
      },
    });
    const response = await slow(request());
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await answerOf(response)).toMatchObject({ status: 503, code: 'SERVER_BUSY' });
    expect(signal?.aborted).toBe(true);
  });

  it('does not wait for work that continues regardless', async () => {
    const deaf = route({
      name: 'it.deaf',
      session: 'open',
      limit: WIDE_LIMIT,
      timeoutMs: 30,
      handle: () => new Promise<null>(() => undefined),
    });
    expect((await deaf(request())).status).toBe(503);
  });

  it('gives up a body that stops coming, and says whose fault that is', async () => {
    const takes = route({
      name: 'it.takes',
      session: 'open',
      limit: WIDE_LIMIT,
      timeoutMs: 30,
      body: z.unknown(),
      handle: async () => null,
    });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
    });
    const sent = request('', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await answerOf(await takes(sent))).toMatchObject({
      status: 408,
      code: 'CONNECTION_SLOW',
    });
  });

  it('does not blame the client for what happens after all of it came', async () => {
    const takes = route({
      name: 'it.takes-raw',
      session: 'open',
      limit: WIDE_LIMIT,
      timeoutMs: 30,
      rawBody: true,
      async handle({ bytes, signal }) {
        await bytes(10);
        await delay(10_000, signal);
        return null;
      },
    });
    expect((await takes(request('', { method: 'POST', body: 'abc' }))).status).toBe(503);
  });

  it('stops the work when the client goes away, which is not a fault', async () => {
    const lines = logged();
    const client = new AbortController();
    const waits = route({
      name: 'it.waits',
      session: 'open',
      limit: WIDE_LIMIT,
      async handle({ signal }) {
        client.abort();
        await delay(10_000, signal);
        return null;
      },
    });
    expect((await waits(request('', { signal: client.signal }))).status).toBe(499);
    expect(lines.join('')).not.toContain('"level":"error"');
  });

  it('lets an answer that has begun take longer', async () => {
    const streams = route({
      name: 'it.streams',
      session: 'open',
      limit: WIDE_LIMIT,
      timeoutMs: 50,
      async handle({ signal }) {
        const body = new ReadableStream<string>({
          async pull(controller) {
            await delay(120, signal);
            controller.enqueue('late');
            controller.close();
          },
        });
        return new Response(body.pipeThrough(new TextEncoderStream()));
      },
    });
    expect(await (await streams(request())).text()).toBe('late');
  });
});

describe('what a failure reveals', () => {
  beforeEach(async () => {
    await withServer({ database: 'none' });
  });

  const failing = (error: unknown) =>
    route({
      name: 'it.fails',
      session: 'open',
      limit: WIDE_LIMIT,
      handle: () => Promise.reject(error),
    });

  it.each([
    ['BAD_REQUEST', 400],
    ['UNAUTHENTICATED', 401],
    ['FORBIDDEN', 403],
    ['NOT_FOUND', 404],
    ['SYNC_CONFLICT', 409],
    ['TOO_LARGE', 413],
    ['RATE_LIMITED', 429],
  ] as const)('answers %s with %i and its own sentence', async (code, status) => {
    const response = await failing(new AppError(code, 'Shown to the user.'))(request());
    expect(await answerOf(response)).toEqual({ status, code, message: 'Shown to the user.' });
  });

  it.each([
    ['SERVER_BUSY', 503, 'SERVER_BUSY'],
    ['STORE_FAILED', 500, 'UNKNOWN'],
    ['UNKNOWN', 500, 'UNKNOWN'],
  ] as const)('keeps what %s says to itself', async (code, status, shown) => {
    const response = await failing(new AppError(code, 'db.internal:5432 is down'))(request());
    const answer = await answerOf(response);
    expect(answer).toMatchObject({ status, code: shown });
    expect(answer.message).not.toContain('internal');
  });

  it('names what broke in the log, with the request’s id, and quotes no foreign message', async () => {
    const lines = logged();
    const cause = Object.assign(new Error('password=hunter2 in "insert … values (my title)"'), {
      code: 'ECONNREFUSED',
    });
    const response = await failing(new TypeError('token abc123 refused', { cause }))(
      request('?key=k3y'),
    );
    expect(await answerOf(response)).toEqual({
      status: 500,
      code: 'UNKNOWN',
      message: 'Something went wrong on the server.',
    });
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      event: 'request',
      route: 'it.fails',
      status: 500,
      requestId: response.headers.get('x-request-id'),
      causes: 'TypeError < Error ECONNREFUSED',
    });
    expect(line).not.toMatch(/hunter2|my title|abc123|k3y/);
  });

  it('writes nothing of a request but its route and how it went', async () => {
    const lines = logged();
    const takes = route({
      name: 'it.takes',
      session: 'open',
      limit: WIDE_LIMIT,
      body: z.object({ title: z.string() }),
      handle: async () => null,
    });
    const secrets = {
      cookie: 'a=c00kie',
      authorization: 'Bearer t0ken',
      'x-forwarded-for': '203.0.113.9',
    };
    await takes(post({ title: 'Dear diary' }, secrets));
    await takes(post('{"title": "Dear diary', secrets));
    await takes(post({ title: ['Dear diary'] }, secrets));
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/diary|c00kie|t0ken|203\.0\.113\.9|api\/it/);
  });
});
