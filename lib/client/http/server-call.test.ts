import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { callServer, serverFetch } from './server-call';

const answer = z.object({ answer: z.number() });
let server: Server;
let respond: RequestListener;
let base = '';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  respond = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
};
const call = (options: { signal?: AbortSignal; timeoutMs?: number } = {}) =>
  callServer('GET', '/api/x', { schema: answer, ...options });

beforeAll(async () => {
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  vi.unstubAllGlobals();
});
beforeEach(() => {
  // a page has an address that paths are under; Node has none
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(new URL(path, base), init));
  return () => vi.unstubAllGlobals();
});

describe('callServer', () => {
  it('sends JSON and gives the checked answer', async () => {
    let sent = '';
    respond = (request, response) => {
      request.on('data', (chunk) => {
        sent += `${request.headers['content-type']} ${chunk}`;
      });
      request.on('end', () => response.end('{"answer":42,"more":1}'));
    };
    const got = await callServer('POST', '/api/x', { body: { a: 1 }, schema: answer });
    expect(got).toEqual({ answer: 42 });
    expect(sent).toBe('application/json {"a":1}');
  });

  it('takes an empty answer for null', async () => {
    respond = (_request, response) => {
      response.writeHead(204).end();
    };
    expect(await callServer('DELETE', '/api/x', { schema: z.null() })).toBeNull();
  });

  it('raises what the server said, with the time to wait', async () => {
    json(429, { code: 'RATE_LIMITED', message: 'no' }, { 'retry-after': '30' });
    await expect(call()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterS: 30 },
    });
  });

  it('does not take another program for the server', async () => {
    respond = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Sign in to this network</html>');
    };
    await expect(call()).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    json(200, { other: 1 });
    await expect(call()).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    json(502, 'Bad gateway');
    await expect(call()).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    json(400, { code: 'constructor' });
    await expect(call()).rejects.toMatchObject({ code: 'UNKNOWN' });
    respond = (_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    };
    await expect(call()).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('says that the connection is slow when an answer does not come, or does not end', async () => {
    respond = () => undefined;
    await expect(call({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'CONNECTION_SLOW' });
    respond = (_request, response) => {
      response.write('{"answer":');
    };
    await expect(call({ timeoutMs: 100 })).rejects.toMatchObject({ code: 'CONNECTION_SLOW' });
  });

  it('knows what proxies say of a slow or a large upload', async () => {
    json(408, 'Request Timeout');
    await expect(call()).rejects.toMatchObject({ code: 'CONNECTION_SLOW' });
    json(413, 'Payload Too Large');
    await expect(call()).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('stops when it is asked to', async () => {
    respond = () => undefined;
    const controller = new AbortController();
    const calling = call({ signal: controller.signal });
    controller.abort();
    await expect(calling).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('reports that there is no connection', async () => {
    base = 'http://127.0.0.1:1';
    await expect(call()).rejects.toMatchObject({ code: 'OFFLINE' });
  });
});

describe('serverFetch', () => {
  it('sends bytes as they are', async () => {
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const sent: Buffer[] = [];
    let type: string | undefined;
    respond = (request, response) => {
      type = request.headers['content-type'];
      request.on('data', (chunk: Buffer) => sent.push(chunk));
      request.on('end', () => response.end());
    };
    await serverFetch('PUT', '/api/x', { body: new Uint8Array([0, 255, 10]) });
    expect(type).toBe('application/octet-stream');
    expect([...Buffer.concat(sent)]).toEqual([0, 255, 10]);
  });
});
