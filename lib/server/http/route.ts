import 'server-only';
import type { z } from 'zod';
import {
  AppError,
  abortable,
  assert,
  type ErrorCode,
  memoizePromise,
  newId,
  onAbort,
  toAppError,
  withTimeout,
} from '@/lib/core';
import { type CurrentSession, currentSession, type SessionUser } from '@/lib/server/accounts';
import { consume, type Limit } from '@/lib/server/limits';
import { isSameSecret, serverEnv } from '@/lib/server/process';
import { takeRoom } from './body-room';
import { clientAddress } from './client-address';
import { readBody, readJson } from './request-body';
import { report } from './request-report';
import { respond, respondError } from './respond';

/** Who may call a route: everyone, any signed-in user, or the owner. */
type Access = 'open' | 'user' | 'owner';

const DEFAULT_MAX_BYTES = 64 * 1024;
const DEFAULT_TIMEOUT_MS = 15_000;
const NO_PARAMS = Promise.resolve({});

/** Who calls. Most open routes answer everyone alike; the others look it up, which is one query, made once. */
type Caller<S extends Access> = S extends 'open'
  ? { session(): Promise<CurrentSession | null> }
  : CurrentSession;

/** What a request brings; everything has been validated. */
interface Input<P, Q, B> {
  request: Request;
  params: P;
  query: Q;
  body: B;
  /** The client's address, as far as proxies can be trusted. */
  address: string;
  /** Names this request in the answer and in the log. */
  requestId: string;
  /** Fires when the client goes away, or when the route takes too long. */
  signal: AbortSignal;
  /** Reads a raw body, once. @throws TOO_LARGE beyond `maxBytes`; SERVER_BUSY: other bodies use up the memory */
  bytes(maxBytes: number): Promise<Uint8Array>;
}

/** What a route's handler gets. */
export type RouteContext<P, Q, B, S extends Access> = Input<P, Q, B> & Caller<S>;

/** How a route is called, what it takes, and what it does. */
export interface RouteSpec<P, Q, B, S extends Access> {
  /** For limits, metrics and the log, such as `shares.create`. */
  name: string;
  session: S;
  /** Programs present this instead of a session; without it the route answers as if it did not exist. */
  token?: () => string | null;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** Schema of a JSON body; without one the body is not read. */
  body?: z.ZodType<B>;
  /** The handler reads the body itself, by `bytes`. */
  rawBody?: boolean;
  /** The largest JSON body, in bytes. */
  maxBytes?: number;
  /** Counted by user where someone is signed in, else by address, unless `by` says otherwise. */
  limit: Limit & { by?: 'address' | 'user' };
  /** Until the answer begins, in ms. */
  timeoutMs?: number;
  /** An object is answered as JSON, `null` as 204. */
  handle(context: RouteContext<P, Q, B, S>): Promise<Response | object | null>;
}

/** A route handler of Next; `params` are the dynamic segments of the path. */
type Handler = (
  request: Request,
  context?: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;

/**
 * The only way to write a route: it checks the origin of writes, the session, the rate limit and the input,
 * enforces a deadline, and reports every failure in the same form.
 */
export function route<P = undefined, Q = undefined, B = undefined, S extends Access = Access>(
  spec: RouteSpec<P, Q, B, S>,
): Handler {
  return async (request, context) => {
    const requestId = newId();
    const startedMs = performance.now();
    let response: Response;
    let thrown: unknown;
    const phase: Phase = { awaitsBody: false };
    try {
      const result = await withDeadline(
        request.signal,
        spec.timeoutMs ?? DEFAULT_TIMEOUT_MS,
        (signal) => run(spec, request, context?.params ?? NO_PARAMS, requestId, signal, phase),
        // a client that is too slow to send its body is not our fault
        () => (phase.awaitsBody ? 'CONNECTION_SLOW' : 'SERVER_BUSY'),
      );
      response = respond(result, requestId);
    } catch (error) {
      thrown = error;
      response = respondError(toAppError(error), requestId);
    }
    report({
      route: spec.name,
      method: request.method,
      status: response.status,
      durationMs: performance.now() - startedMs,
      requestId,
      error: thrown,
    });
    return response;
  };
}

/** What a request is waiting for. */
interface Phase {
  awaitsBody: boolean;
}

async function run<P, Q, B, S extends Access>(
  spec: RouteSpec<P, Q, B, S>,
  request: Request,
  params: Promise<Record<string, string | string[]>>,
  requestId: string,
  signal: AbortSignal,
  phase: Phase,
): Promise<Response | object | null> {
  const awaitBody = async <T>(body: Promise<T>): Promise<T> => {
    phase.awaitsBody = true;
    try {
      return await body;
    } finally {
      phase.awaitsBody = false;
    }
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') checkOrigin(request);
  if (spec.token) checkBearer(request.headers, spec.token());
  const address = clientAddress(request);
  const session = memoizePromise(() => currentSession(request));
  const isByAddress = spec.limit.by === 'address';
  // a query less for those who read a share or fetch a model
  const current = spec.session === 'open' && isByAddress ? null : await session();
  // refused before anything that costs more
  checkAccess(spec.session, current?.user ?? null);
  await consume(spec.name, current && !isByAddress ? current.user.id : address, spec.limit);
  const query = Object.fromEntries(new URL(request.url).searchParams);
  let leaveRoom: () => void = () => undefined;
  const input: Input<P, Q, B> = {
    request,
    params: parse(spec.params, await params),
    query: parse(spec.query, query),
    body: spec.body
      ? parse(
          spec.body,
          await awaitBody(readJson(request, spec.maxBytes ?? DEFAULT_MAX_BYTES, signal)),
        )
      : parse<B>(undefined, undefined),
    address,
    requestId,
    signal,
    async bytes(maxBytes) {
      assert(spec.rawBody, `${spec.name} does not say that it reads a raw body`);
      leaveRoom = takeRoom(request.headers, maxBytes);
      return awaitBody(readBody(request, maxBytes, signal));
    },
  };
  // `checkAccess` has refused everyone else
  const caller = (spec.session === 'open' ? { session } : current) as Caller<S>;
  try {
    return await spec.handle({ ...input, ...caller });
  } finally {
    // the handler holds the body in memory until then
    leaveRoom();
  }
}

function checkAccess(access: Access, user: SessionUser | null): void {
  if (access === 'open') return;
  if (!user) throw new AppError('UNAUTHENTICATED', 'Sign in first.');
  if (access === 'owner' && user.role !== 'owner')
    throw new AppError('FORBIDDEN', 'Only the owner may do this.');
}

/** Without a schema the type is `undefined`, and so is the value. */
function parse<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  if (!schema) return undefined as T;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  const what = issue?.message ?? 'Not valid';
  throw new AppError('BAD_REQUEST', `${where === '' ? '' : `${where}: `}${what}.`.slice(0, 300));
}

/**
 * Runs work with a deadline. Its signal fires when time is up or the client goes away; once the work is done,
 * only the latter counts, so that sending the answer may take longer.
 * @param client fires when nobody waits for the answer any more
 * @param lateCode gives the error code when time is up, which depends on whose fault it is
 * @throws `lateCode()` when time is up, whether or not the work obeys; ABORTED
 */
async function withDeadline<T>(
  client: AbortSignal,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  lateCode: () => ErrorCode = () => 'SERVER_BUSY',
): Promise<T> {
  const controller = new AbortController();
  onAbort(client, () => controller.abort(client.reason));
  const late = () => {
    const cause = new DOMException('Time is up.', 'TimeoutError');
    const error = new AppError(lateCode(), `Not done after ${timeoutMs} ms.`, { cause });
    controller.abort(cause);
    return error;
  };
  return withTimeout(abortable(run(controller.signal), client), timeoutMs, late);
}

/**
 * Refuses callers without this token, as if there were nothing here. Takes the same time for every wrong one.
 * @param token `null`: everyone is refused
 * @throws NOT_FOUND
 */
function checkBearer(headers: Headers, token: string | null): void {
  const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const isRight = isSameSecret(bearer ?? '', token ?? '');
  if (token === null || bearer === undefined || !isRight)
    throw new AppError('NOT_FOUND', 'There is nothing here.');
}

/**
 * Refuses a write that another site made this browser send. `Sec-Fetch-Site` is written by the
 * browser and cannot be forged by a page; browsers leave it out over plain http, where `Origin` has
 * to name this app. A client that sends neither is not a browser: it may write as long as it brings no
 * cookie that a browser could have added.
 * @throws FORBIDDEN
 */
function checkOrigin({ headers }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'same-origin' || site === 'none') return;
  if (site === null && origin === null && headers.get('cookie') === null) return;
  if (site === null && origin !== null && isOurs(origin, headers.get('host'))) return;
  throw new AppError('FORBIDDEN', 'This was sent by another site.');
}

/** @param host what the browser asked for; the public address may lie before a proxy */
function isOurs(origin: string, host: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === new URL(serverEnv().publicUrl).origin || url.host === host;
}
