import type { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode, isAbort } from '@/lib/core/errors';

/** An answer that has not come by then is given up, in ms. */
const TIMEOUT_MS = 15_000;

export interface ServerCallOptions {
  /** Sent as JSON; bytes and blobs are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** For what is known to take longer, in ms. */
  timeoutMs?: number;
}

function isErrorCode(value: unknown): value is ErrorCode {
  return ERROR_CODES.some((code) => code === value);
}

/** What the server said of a failure; an answer that is not ours (a proxy's page) is SERVER_BUSY. */
export async function errorOf(response: Response, what: string): Promise<AppError> {
  const answer: unknown = await response.json().catch(() => null); // not JSON: told by its status
  const code = answer && typeof answer === 'object' && 'code' in answer ? answer.code : null;
  const retryAfter = Number(response.headers.get('retry-after'));
  return new AppError(
    isErrorCode(code) ? code : response.status >= 500 ? 'SERVER_BUSY' : 'UNKNOWN',
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

/**
 * Asks our own server. The signal and the time limit hold for the body of the answer, too.
 * @param path begins with a slash; never with a fragment
 * @throws OFFLINE without a connection, ABORTED, SERVER_BUSY when it takes too long, else what the
 * server said
 */
export async function serverFetch(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { body, headers = {}, signal, timeoutMs = TIMEOUT_MS }: ServerCallOptions = {},
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const { body: sent, type } = encodeBody(body);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...(type && { 'content-type': type }), ...headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      cache: 'no-store',
      redirect: 'error',
      ...(sent !== undefined && { body: sent }),
    });
  } catch (error) {
    throw callFailure(error, timeout, `${method} ${path}`);
  }
  if (!response.ok) throw await errorOf(response, `${method} ${path}`);
  return response;
}

function callFailure(error: unknown, timeout: AbortSignal, what: string): AppError {
  if (timeout.aborted)
    return new AppError('SERVER_BUSY', `${what} took too long`, { cause: error });
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
    if (isAbort(error)) throw new AppError('ABORTED', `${what} was given up`, { cause: error });
    throw new AppError('SERVER_BUSY', `${what} did not answer JSON`, { cause: error });
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError('SERVER_BUSY', `${what} answered in another form`, { cause: parsed.error });
}
