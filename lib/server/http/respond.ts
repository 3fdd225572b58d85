import 'server-only';
import type { AppError, ErrorCode } from '@/lib/core';

/** The one map from failures to statuses; what is not here is a fault of ours: 500. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONNECTION_SLOW: 408,
  SYNC_CONFLICT: 409,
  TOO_LARGE: 413,
  RATE_LIMITED: 429,
  // the client went away before there was an answer: nobody reads this one
  ABORTED: 499,
  SERVER_BUSY: 503,
};

/** When a client may ask again, in s, unless the failure knows better. */
const RETRY_AFTER_S = 5;

/** Messages for failures on our side, whose own messages are for the log only. */
const BUSY_MESSAGE = 'The server is busy. Try again in a moment.';
const FAULT_MESSAGE = 'Something went wrong on the server.';

/** The status of a response with this failure. */
export function statusOf(code: ErrorCode): number {
  return STATUSES[code] ?? 500;
}

/** Headers of every answer of a route: nothing of it is kept, or taken for something else. */
function answerHeaders(requestId: string): Record<string, string> {
  return { 'cache-control': 'no-store', 'x-request-id': requestId };
}

/**
 * A route's result as an answer: an object is 200 with JSON, `null` is 204, and a `Response` keeps
 * what it has.
 */
export function respond(result: Response | object | null, requestId: string): Response {
  const headers = answerHeaders(requestId);
  if (result === null) return new Response(null, { status: 204, headers });
  if (!(result instanceof Response)) return Response.json(result, { headers });
  // a response that came from fetch has headers that cannot be changed
  const answer = new Response(result.body, result);
  for (const [name, value] of Object.entries(headers))
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  return answer;
}

/** A failure as an answer: `{ code, message }`, and nothing of what happened inside. */
export function respondError(error: AppError, requestId: string): Response {
  const status = statusOf(error.code);
  const headers = answerHeaders(requestId);
  if (status === 429 || status === 503) {
    const { retryAfterS } = error.details;
    headers['retry-after'] = String(typeof retryAfterS === 'number' ? retryAfterS : RETRY_AFTER_S);
  }
  return Response.json(
    {
      code: status === 500 ? 'UNKNOWN' : error.code,
      message: status === 500 ? FAULT_MESSAGE : status === 503 ? BUSY_MESSAGE : error.message,
    },
    { status, headers },
  );
}
