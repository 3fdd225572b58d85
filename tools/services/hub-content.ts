// Serves the test hub's files, with ranges and with simulated faults.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Faults of one file, which can be combined. */
export interface Fault {
  /** The connection breaks after this many bytes of an answer. */
  cutAfter?: number;
  /** How many times `cutAfter`, `hangAfter`, `status` and `hang` apply. */
  times?: number;
  /** One bit of the file is flipped. */
  wrongBytes?: boolean;
  /** Answered instead of the file: 404, 403, 416, 503, … */
  status?: number;
  /** Sent with `status`. */
  retryAfterSeconds?: number;
  /** The file is sent slowly. */
  bytesPerSecond?: number;
  /** Ranges are ignored: the whole file is sent, with status 200. */
  noRange?: boolean;
  /** A range is answered with bytes from elsewhere in the file. */
  wrongContentRange?: boolean;
  /** The request is never answered. */
  hang?: boolean;
  /** The answer stops after this many bytes, and stays open. */
  hangAfter?: number;
}

/** A request that was answered, or left open. */
export interface LoggedRequest {
  /** Which of the two origins answered. */
  at: 'hub' | 'cdn';
  method: string;
  /** `owner/name/path`; empty for the listing and the description. */
  file: string;
  /** The header as it came. */
  range: string | null;
  status: number;
  /** Of the file, in this answer. */
  sentBytes: number;
}

/** By `owner/name`, then by path. */
export type Repositories = Map<string, Map<string, Uint8Array>>;

/** The state of the hub. */
export interface HubState {
  repositories: Repositories;
  /** By `owner/name/path`. */
  faults: Map<string, Fault>;
  log: LoggedRequest[];
  cdnUrl: string;
}

/** Answers a request, at once or bit by bit. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Bytes written at once; small, so that breaks and slow lines are exact enough. */
const PIECE_BYTES = 16 * 1024;

/** Delay before a connection is cut, in ms, so that even a busy browser has received the last byte. */
const BREAK_AFTER_MS = 500;

/** Answers `/{owner}/{name}/{path}` with the file. */
export function cdnHandler(state: HubState, at: LoggedRequest['at']): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://cdn');
    const file = decodeURIComponent(url.pathname).slice(1);
    const range = request.headers.range ?? null;
    const method = request.method ?? 'GET';
    const logged: LoggedRequest = { at, method, file, range, status: 0, sentBytes: 0 };
    state.log.push(logged);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', 'ETag,Accept-Ranges,Content-Range');
    const refuse = (status: number, headers: Record<string, string> = {}) => {
      logged.status = status;
      response.writeHead(status, headers).end(`${status}`);
    };
    if (method === 'OPTIONS') return refuse(403);
    const bytes = find(state, file);
    if (!bytes) return refuse(404);
    const fault = method === 'HEAD' ? lasting(state, file) : take(state, file);
    if (fault.hang) return undefined;
    if (fault.status) {
      const seconds = fault.retryAfterSeconds;
      return refuse(fault.status, seconds === undefined ? {} : { 'retry-after': `${seconds}` });
    }

    const etag = `"${createHash('sha256').update(bytes).update('cdn').digest('hex')}"`;
    const headers = { etag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
    const total = bytes.length;
    let start = 0;
    let status = 200;
    const wanted = /^bytes=(\d+)-(\d*)$/.exec(range ?? '');
    const isCurrent = (request.headers['if-range'] ?? etag) === etag;
    if (wanted && !fault.noRange && isCurrent) {
      start = Number(wanted[1]);
      if (start >= total) return refuse(416, { ...headers, 'content-range': `bytes */${total}` });
      if (fault.wrongContentRange) start = Math.max(0, start - 1);
      status = 206;
    }
    const body = fault.wrongBytes ? altered(bytes).subarray(start) : bytes.subarray(start);
    logged.status = status;
    response.writeHead(status, {
      ...headers,
      'content-length': String(body.length),
      ...(status === 206 ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
    });
    if (method === 'HEAD') return response.end();
    void send(response, body, fault, logged);
    return undefined;
  };
}

function find(state: HubState, file: string): Uint8Array | undefined {
  const [owner, name, ...path] = file.split('/');
  return state.repositories.get(`${owner}/${name}`)?.get(path.join('/'));
}

/** The fault for this answer; counts down one that applies a number of times. */
function take(state: HubState, file: string): Fault {
  const fault = state.faults.get(file);
  if (!fault) return {};
  if (fault.times === undefined) return fault;
  if (fault.times > 0) {
    const now = { ...fault };
    fault.times -= 1;
    return now;
  }
  return lasting(state, file);
}

/** The part of a fault that applies every time. */
function lasting(state: HubState, file: string): Fault {
  const fault = state.faults.get(file) ?? {};
  if (fault.times === undefined) return fault;
  const { cutAfter, hangAfter, status, hang, ...rest } = fault;
  return rest;
}

function altered(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function send(
  response: ServerResponse,
  body: Uint8Array,
  fault: Fault,
  logged: LoggedRequest,
): Promise<void> {
  const stop = Math.min(fault.cutAfter ?? body.length, fault.hangAfter ?? body.length);
  const rate = fault.bytesPerSecond ?? Number.POSITIVE_INFINITY;
  const piece = Math.max(1, Math.min(PIECE_BYTES, Math.ceil(rate / 20)));
  for (let at = 0; at < stop; at += piece) {
    if (response.destroyed) return;
    const part = body.subarray(at, Math.min(stop, at + piece));
    await new Promise((done) => {
      response.once('close', done);
      response.write(part, () => {
        response.off('close', done);
        done(null);
      });
    });
    logged.sentBytes += part.length;
    if (Number.isFinite(rate))
      await new Promise((done) => setTimeout(done, (1000 * part.length) / rate));
  }
  if (stop === body.length) {
    response.end();
  } else if (fault.cutAfter === stop) {
    // a browser drops what it has not yet handed on when the connection breaks
    await new Promise((done) => setTimeout(done, BREAK_AFTER_MS));
    response.destroy();
  }
}
