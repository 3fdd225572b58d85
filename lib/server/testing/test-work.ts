import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import * as batches from '@/app/api/work/[id]/batches/route';
import * as extend from '@/app/api/work/[id]/extend/route';
import * as fail from '@/app/api/work/[id]/fail/route';
import * as finish from '@/app/api/work/[id]/finish/route';
import * as source from '@/app/api/work/[id]/source/route';
import * as lease from '@/app/api/work/lease/route';

type Handler = (
  request: Request,
  context?: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;

const ROUTES: Record<string, Handler> = {
  'POST lease': lease.POST,
  'POST batches': batches.POST,
  'POST extend': extend.POST,
  'POST fail': fail.POST,
  'POST finish': finish.POST,
  'GET source': source.GET,
};

/** Serves the routes of the workers to processes of this machine. @returns the address */
export async function serveWork(): Promise<string> {
  const server = createServer((request, answer) => {
    void respond(request).then(async (response) => {
      answer.writeHead(response.status, Object.fromEntries(response.headers));
      answer.end(Buffer.from(await response.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // it listens on a port
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function respond(request: IncomingMessage): Promise<Response> {
  const url = new URL(request.url ?? '/', 'http://localhost:3000');
  const parts = url.pathname.split('/').slice(3);
  const handler = ROUTES[`${request.method} ${parts.at(-1)}`];
  if (!handler) return new Response(null, { status: 404 });
  const gone = new AbortController();
  request.socket.once('close', () => gone.abort());
  const hasBody = request.method === 'POST';
  const asked = new Request(url, {
    method: request.method ?? 'GET',
    headers: Object.entries(request.headers).filter(
      (header): header is [string, string] => typeof header[1] === 'string',
    ),
    signal: gone.signal,
    ...(hasBody && { body: Readable.toWeb(request) as BodyInit, duplex: 'half' }),
  });
  return handler(asked, {
    params: Promise.resolve(parts.length > 1 ? { id: parts[0] ?? '' } : {}),
  });
}
