import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, Server, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '@/lib/core';
import { processSingleton, serverEnv } from '@/lib/server/process';
import { contentSecurityPolicy, failedPageScripts, hubHosts, notFoundScripts } from './page-policy';
import { report } from './request-report';

/**
 * Headers of every response: of pages, files, routes, redirects and failures.
 * Cross-origin isolation gives pages SharedArrayBuffer, which ONNX Runtime needs for threads and the
 * ffmpeg decoder for back-pressure. Everything the app loads is its own, so nothing breaks.
 */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // for browsers that do not know `frame-ancestors`
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  // the app records from a microphone and from tabs; nothing else of the device is its business
  'permissions-policy':
    'microphone=(self), display-capture=(self), camera=(), geolocation=(), payment=(), usb=(), serial=(), hid=(self), midi=(), browsing-topics=()',
};

/** Half a year, as long as sites commonly promise to stay on https. */
const HSTS = 'max-age=15552000';

/** For everything that is not a document: a browser that is tricked into opening it as a page shows an empty one. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * For files: a worker is bound by the policy of its script, and reaches this server alone. Scripts may be
 * compiled (`unsafe-eval` covers WebAssembly), but only ours are loaded.
 * @param hosts other hosts that may be reached, as sources of `connect-src`
 */
function filePolicy(hosts: readonly string[] = []): string {
  return [
    "default-src 'self'",
    "script-src 'self' blob: 'unsafe-eval'",
    ["connect-src 'self' blob: data:", ...hosts].join(' '),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Paths of files that run in workers. */
const FILES = /^\/(_next\/static|ffmpeg|hub|kernels|models|ort|resampler|vad)\/|^\/sw\.js$/;

/** The script of the worker that fetches models: the only one that may reach the hub. */
const DOWNLOAD_WORKER = '/hub/download.js';

/** For the development server's own answers; pages bring their own policy. */
const DEVELOPMENT = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The properties of an answer that its policy depends on. */
export interface AnswerFacts {
  /** Of the request, with or without a query. */
  url: string;
  /** The type of what is answered; empty: there is none. */
  mediaType: string;
}

/** The policy of prerendered error pages, shown when no route matches or rendering has failed. */
function standInPolicy(): string {
  // the development server renders every page on request, and has no build to read
  if (process.env.NODE_ENV === 'development') return DEVELOPMENT;
  return contentSecurityPolicy({
    trust: { kind: 'hashes', hashes: notFoundScripts() },
    everywhere: failedPageScripts(),
    isDevelopment: false,
  });
}

function contentPolicy({ url, mediaType }: AnswerFacts): string {
  const path = url.replace(/\?.*$/s, '');
  if (/^text\/html\b/i.test(mediaType) && !path.startsWith('/api/')) return standInPolicy();
  // the same whether the browser has the file already (304) or not: it keeps the newest headers
  if (path === DOWNLOAD_WORKER) return filePolicy(hubHosts(process.env.MODEL_HUB));
  return FILES.test(path) ? filePolicy() : NOTHING;
}

/**
 * The security headers of an answer. Headers that it already has are kept: pages bring their own content policy,
 * which allows their scripts (`proxy.ts`).
 */
function answerPolicy(facts: AnswerFacts): Readonly<Record<string, string>> {
  return {
    ...EVERYWHERE,
    'content-security-policy': contentPolicy(facts),
    ...(serverEnv().publicUrl.startsWith('https:') && { 'strict-transport-security': HSTS }),
  };
}

/** The longest that a route may take: a large model over a slow line. */
export const LONGEST_ROUTE_MS = 60 * 60_000;

/** Replaces Node's limit of five minutes: every route has its own deadline, and reports when it is exceeded. */
const REQUEST_TIMEOUT_MS = LONGEST_ROUTE_MS + 60_000;

/** Methods of pages and files, and of routes. */
const PAGE_METHODS = ['GET', 'HEAD'];
const ROUTE_METHODS = [...PAGE_METHODS, 'OPTIONS', 'POST', 'PUT', 'DELETE'];

/** Failures of Node's parser that have a status of their own. */
const PARSER_STATUSES: Readonly<Record<string, number>> = {
  HPE_INVALID_METHOD: 405,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The methods allowed for this address. */
function methodsOf(url: string): readonly string[] {
  // tools of the development server use other methods, at addresses of its own
  const isRoute = /^\/api(\/|\?|$)/.test(url) || process.env.NODE_ENV === 'development';
  return isRoute ? ROUTE_METHODS : PAGE_METHODS;
}

/** The `content-type` of a response, wherever it was set. */
function mediaTypeOf(response: ServerResponse, args: readonly unknown[]): string {
  const headers = args.find(
    (arg) => typeof arg === 'object' && arg !== null && !Array.isArray(arg),
  );
  const named = Object.entries(headers ?? {}).find(([name]) => /^content-type$/i.test(name))?.[1];
  return String(named ?? response.getHeader('content-type') ?? '');
}

/** Adds missing security headers to every answer of this process when its head is written. */
function completeAnswers(): void {
  const { writeHead } = ServerResponse.prototype;
  ServerResponse.prototype.writeHead = function complete(this: ServerResponse, ...args: unknown[]) {
    if (!this.headersSent) {
      const url = this.req.url ?? '/';
      const policy = answerPolicy({ url, mediaType: mediaTypeOf(this, args) });
      for (const [name, value] of Object.entries(policy))
        if (!this.hasHeader(name)) this.setHeader(name, value);
    }
    return Reflect.apply(writeHead, this, args);
  };
}

/** Answers methods that Next fails on, such as TRACE, before they reach it. @returns whether it did */
function refuse(request: IncomingMessage, response: ServerResponse): boolean {
  const startedMs = performance.now();
  const { method = '', url = '/' } = request;
  const allowed = methodsOf(url);
  if (allowed.includes(method)) return false;
  const requestId = newId();
  response.writeHead(405, {
    allow: allowed.join(', '),
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
    // a body that may follow is not read
    connection: 'close',
  });
  const message = 'Nothing here is asked by this method.';
  response.end(method === 'HEAD' ? '' : JSON.stringify({ code: 'BAD_REQUEST', message }));
  const durationMs = performance.now() - startedMs;
  report({ route: 'refused', method, status: 405, durationMs, requestId, error: undefined });
  return true;
}

/** An answer to something that is not a valid request, with the same headers as all others. */
function rawAnswer(status: number): string {
  const headers = {
    ...answerPolicy({ url: '/', mediaType: '' }),
    ...(status === 405 && { allow: ROUTE_METHODS.join(', ') }),
    'content-length': '0',
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
}

function answerRaw(socket: Socket, status: number): void {
  // after another response, or part of one, the client would take it for a continuation
  if (socket.writable && socket.bytesWritten === 0) socket.write(rawAnswer(status));
  socket.destroySoon();
}

/** Puts the guard in front of a server's existing listeners. */
export function guard(server: Server): void {
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const listeners = server.rawListeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (refuse(request, response)) return;
    for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
  });
  // without a listener, Node ignores the upgrade and handles the request like any other, whereas Next would never
  // answer it. The development server needs upgrades for hot reloading.
  if (process.env.NODE_ENV !== 'development') server.removeAllListeners('upgrade');
  server.on('connect', (_request: IncomingMessage, socket: Socket) => answerRaw(socket, 405));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answerRaw(socket, PARSER_STATUSES[error.code ?? ''] ?? 400),
  );
}

/**
 * Applies one policy to every answer of this process, and keeps requests from Next that it cannot answer. Next
 * creates the server itself: we get hold of it at its first connection. Called once.
 */
export function guardAnswers(): void {
  processSingleton('http-guard', completeAnswers);
  const guarded = new WeakSet<Server>();
  subscribe('net.server.socket', (message) => {
    // the form that Node documents for this channel; a socket knows its server
    const { socket } = message as { socket: Socket & { server?: unknown } };
    const { server } = socket;
    if (!(server instanceof Server) || guarded.has(server)) return;
    guarded.add(server);
    guard(server);
  });
}
