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
 * Waits, or less long where the browser says that there is a network again.
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

/** As the server said last. */
let configured: string | null = null;

/** Notes what the server says that links to it begin with; `null`: the operator has not set it. */
export function notePublicAddress(address: string | null): void {
  configured = address;
}

/**
 * What links begin with that others are given, without a last slash: the address that the server was
 * configured with (`NEXTAUTH_URL`), else the one in this browser's bar. Known once somebody is signed in.
 */
export function publicOrigin(): string {
  return configured ?? window.location.origin;
}

/**
 * An answer that has not come by then is given up, in ms. Longer than our routes take to say that
 * they are busy: a client that gets nothing at all has a slow line.
 */
const TIMEOUT_MS = 20_000;

export interface ServerCallOptions {
  /** Sent as JSON; bytes and blobs are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** For what is known to take longer, in ms. */
  timeoutMs?: number;
  /** Is sent also if the page is closed meanwhile; browsers take up to 64 KiB of this at a time. */
  keepalive?: boolean;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return ERROR_CODES.some((code) => code === value);
}

/** What proxies answer by themselves. */
const CODES: Partial<Record<number, ErrorCode>> = { 408: 'CONNECTION_SLOW', 413: 'TOO_LARGE' };

/** What the server said of a failure; an answer that is not ours (a proxy's page) goes by its status. */
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
    // a view is never over shared memory here: it was made by encryption
    return { body: body as BodyInit, type: 'application/octet-stream' };
  return { body: JSON.stringify(body), type: 'application/json' };
}

/** Bytes of a body that was encoded here. */
function sizeOf(body: BodyInit | undefined): number {
  if (typeof body === 'string') return new TextEncoder().encode(body).length;
  if (body instanceof Blob) return body.size;
  return body instanceof Uint8Array ? body.byteLength : 0;
}

/** @returns the length that an answer states; `null`: it states none */
export function statedLength({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null ? null : Number(length);
}

/**
 * Asks our own server. The signal and the time limit hold for the body of the answer, too.
 * @param path begins with a slash; never with a fragment
 * @throws OFFLINE without a connection, ABORTED, CONNECTION_SLOW when it takes too long, else what the
 * server said
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

/** The app's error for a request that had no answer, or not all of it. */
export function callFailure(error: unknown, what: string): AppError {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new AppError('CONNECTION_SLOW', `${what} took too long`, { cause: error });
  if (isAbort(error)) return new AppError('ABORTED', `${what} was given up`, { cause: error });
  return new AppError('OFFLINE', `${what} did not reach the server`, { cause: error });
}

/**
 * Asks our own server and checks what it answers; an empty answer is `null`.
 * @throws as `serverFetch`, and SERVER_BUSY for an answer of another form: it is not our server's
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

/** Failures that pass by themselves; a line that is too slow stays so. */
const PASSING = new Set(['OFFLINE', 'SERVER_BUSY']);

/**
 * Does a step of a transfer again when it failed for a reason that passes: it must be one that may be
 * done twice.
 * @throws what the last try threw; ABORTED
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
