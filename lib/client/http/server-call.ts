import type { z } from 'zod';
import {
  AppError,
  abortError,
  backoffMs,
  delay,
  ERROR_CODES,
  type ErrorCode,
  isAbort,
  onAbort,
  retry,
  toAppError,
} from '@/lib/core';
import { noteOwnRequest } from './request-ledger';

/**
 * Waits, or returns early when the browser comes back online.
 * @throws ABORTED when the signal fires
 */
export async function delayUntilOnline(ms: number, signal?: AbortSignal): Promise<void> {
  const waited = new AbortController();
  const end = () => waited.abort();
  const stop = onAbort(signal, end);
  globalThis.addEventListener?.('online', end);
  try {
    await delay(ms, waited.signal);
  } catch (error) {
    if (signal?.aborted) throw abortError(signal);
    if (!isAbort(error)) throw error;
  } finally {
    stop();
    globalThis.removeEventListener?.('online', end);
  }
}

/** The address that the server reported last. */
let configured: string | null = null;

/** Notes the public address that the server reports; `null`: its operator has not set one. */
export function notePublicAddress(address: string | null): void {
  configured = address;
}

/**
 * The origin of links for other people, without a trailing slash: the address that the server was configured
 * with (`NEXTAUTH_URL`), else that of this page. The configured one is known once somebody is signed in.
 */
export function publicOrigin(): string {
  return configured ?? window.location.origin;
}

/**
 * How long to wait for an answer, in ms. Our routes report sooner than this that they are busy, so a client
 * that gets no answer at all has a slow connection.
 */
const TIMEOUT_MS = 20_000;

export interface ServerCallOptions {
  /** Sent as JSON; bytes and blobs are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** For requests that are known to take longer, in ms. */
  timeoutMs?: number;
  /** Sent even if the page is closed meanwhile; browsers allow 64 KiB of such bodies at a time. */
  keepalive?: boolean;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return ERROR_CODES.some((code) => code === value);
}

/** Statuses that proxies send on their own. */
const CODES: Partial<Record<number, ErrorCode>> = { 408: 'CONNECTION_SLOW', 413: 'TOO_LARGE' };

/** The error in a failed response; a response that is not ours (a proxy's page) is judged by its status. */
export async function errorOf(response: Response, what: string): Promise<AppError> {
  const answer: unknown = await response.json().catch(() => null); // not JSON: the status says what it is
  const code = answer && typeof answer === 'object' && 'code' in answer ? answer.code : null;
  const retryAfter = Number(response.headers.get('retry-after'));
  return new AppError(
    isErrorCode(code)
      ? code
      : (CODES[response.status] ?? (response.status >= 500 ? 'SERVER_BUSY' : 'UNKNOWN')),
    `${what} answered ${response.status}`,
    retryAfter > 0 ? { details: { retryAfterS: retryAfter } } : {},
  );
}

function encodeBody(body: unknown): { body?: BodyInit; type?: string } {
  if (body === undefined) return {};
  if (body instanceof Blob || body instanceof Uint8Array)
    // never a view of shared memory: encryption made it
    return { body: body as BodyInit, type: 'application/octet-stream' };
  return { body: JSON.stringify(body), type: 'application/json' };
}

/** Bytes of a body that was encoded here. */
function sizeOf(body: BodyInit | undefined): number {
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  if (body instanceof Blob) return body.size;
  return body instanceof Uint8Array ? body.byteLength : 0;
}

/** The `content-length` of a response; `null` if it has none. */
export function statedLength({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}

/**
 * Sends a request to our own server. The signal and the time limit also cover the body of the answer.
 * @param path begins with a slash, and never has a fragment
 * @throws OFFLINE without a connection, ABORTED, CONNECTION_SLOW when it takes too long, else the server's error
 */
export async function serverFetch(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { body, headers = {}, signal, timeoutMs = TIMEOUT_MS, keepalive = false }: ServerCallOptions = {},
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const { body: sent, type } = encodeBody(body);
  const end = noteOwnRequest({ url: path, method, sentBytes: sizeOf(sent) });
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...(type && { 'content-type': type }), ...headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: 'no-store',
      redirect: 'error',
      keepalive,
      ...(sent !== undefined && { body: sent }),
    });
  } catch (error) {
    end();
    throw callFailure(error, `${method} ${path}`);
  }
  end({ status: response.status, receivedBytes: statedLength(response) });
  if (!response.ok) throw await errorOf(response, `${method} ${path}`);
  return response;
}

/** The app's error for a request that got no answer, or only part of one. */
export function callFailure(error: unknown, what: string): AppError {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new AppError('CONNECTION_SLOW', `${what} took too long`, { cause: error });
  if (isAbort(error)) return new AppError('ABORTED', `${what} was given up`, { cause: error });
  return new AppError('OFFLINE', `${what} did not reach the server`, { cause: error });
}

/**
 * Sends a request to our own server and validates the answer; an empty answer is `null`.
 * @throws as `serverFetch`, and SERVER_BUSY for an answer that does not fit the schema: it is not our server's
 */
export async function callServer<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { schema, ...options }: ServerCallOptions & { schema: z.ZodType<T> },
): Promise<T> {
  const response = await serverFetch(method, path, options);
  const what = `${method} ${path}`;
  let answer: unknown;
  try {
    answer = response.status === 204 ? null : await response.json();
  } catch (error) {
    // not JSON is not our server's; else its answer stopped on the way
    throw error instanceof SyntaxError
      ? new AppError('SERVER_BUSY', `${what} did not answer JSON`, { cause: error })
      : callFailure(error, what);
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError('SERVER_BUSY', `${what} answered in another form`, { cause: parsed.error });
}

const ATTEMPTS = 4;
const BACKOFF = { firstMs: 1000, factor: 3, maxMs: 9000 } as const;

/** Transient failures. A slow connection is not among them: it stays slow. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY']);

/**
 * Retries a step of a transfer after transient failures. The step must be idempotent.
 * @throws what the last attempt threw; ABORTED
 */
export function withRetries<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return retry(step, {
    attempts: ATTEMPTS,
    delayMs: (failures) => backoffMs(failures, BACKOFF),
    isRetryable: (error) => {
      const { code, details } = toAppError(error);
      return PASSING.has(code) || details.isStalled === true;
    },
    signal,
  });
}
