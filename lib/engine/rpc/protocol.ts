import { AppError, ERROR_CODES, type ErrorCode, toAppError } from '@/lib/core';

/** Raised when messages change shape; client and worker must agree. */
export const PROTOCOL_VERSION = 1;

/** One method of a worker. `progress` is what it may report while it runs. */
export interface Method {
  params: unknown;
  result: unknown;
  progress?: unknown;
}

/** Any type map of methods, by name. */
export type Methods<A> = Record<keyof A, Method>;

/** What a method reports while it runs; `never` for one that reports nothing. */
export type Progress<M extends Method> = M extends { progress: infer P } ? P : never;

export type ToWorker<A extends Methods<A>> =
  | { [K in keyof A]: { kind: 'call'; id: number; method: K; params: A[K]['params'] } }[keyof A]
  | { kind: 'cancel'; id: number };

export type FromWorker =
  | { kind: 'ready'; protocolVersion: number }
  | { kind: 'progress'; id: number; value: unknown }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; error: WireError };

export interface CallOptions<M extends Method> {
  signal?: AbortSignal | undefined;
  /** Buffers that move to the worker. Every other view of them is detached: `slice()` first. */
  transfer?: Transferable[];
  onProgress?: (value: Progress<M>) => void;
}

/** What a worker's `client.ts` builds on. Every call settles. */
export interface Client<A extends Methods<A>> {
  /** Rejects with an `AppError`: the worker's own, `WORKER_CRASHED`, or `ABORTED`. */
  call<K extends keyof A>(
    method: K,
    params: A[K]['params'],
    options?: CallOptions<A[K]>,
  ): Promise<A[K]['result']>;
  /** Ends the worker when no call waits; the next call starts a fresh one. */
  release(): void;
  /** Ends the worker; pending calls reject with `ABORTED`, later calls too. */
  dispose(): void;
}

export interface HandlerContext<M extends Method> {
  /** Fires when the caller cancels. Long handlers check it between steps. */
  signal: AbortSignal;
  /** Sent at most ten times a second; the newest value wins, and the last is always sent. */
  progress(value: Progress<M>): void;
}

/** A handler's answer: the value, or the value with the buffers that move to the page. */
export class Transferred<T> {
  constructor(
    readonly value: T,
    readonly transfer: Transferable[],
  ) {}
}

export type Handlers<A extends Methods<A>> = {
  [K in keyof A]: (
    params: A[K]['params'],
    context: HandlerContext<A[K]>,
  ) => Promise<A[K]['result'] | Transferred<A[K]['result']>>;
};

/** An error as it crosses a port: structured clone would drop an `AppError`'s fields. */
interface WireError {
  code: ErrorCode;
  message: string;
  details: Record<string, string | number | boolean | null>;
  fatal: boolean;
  cause?: { name: string; message: string; stack: string | null };
}

/** Makes anything thrown fit to be posted. */
export function toWireError(value: unknown): WireError {
  const error = toAppError(value);
  const wire: WireError = {
    code: error.code,
    message: error.message,
    details: error.details,
    fatal: error.fatal,
  };
  if (error.cause instanceof Error) {
    const { name, message, stack } = error.cause;
    wire.cause = { name, message, stack: stack ?? null };
  }
  return wire;
}

/** Rebuilds the error at the caller. A code this build does not know becomes `UNKNOWN`. */
export function fromWireError(wire: WireError): AppError {
  const options: ConstructorParameters<typeof AppError>[2] = {
    details: wire.details,
    fatal: wire.fatal,
  };
  if (wire.cause) {
    const cause = new Error(wire.cause.message);
    cause.name = wire.cause.name;
    if (wire.cause.stack) cause.stack = wire.cause.stack;
    options.cause = cause;
  }
  return new AppError(
    ERROR_CODES.includes(wire.code) ? wire.code : 'UNKNOWN',
    wire.message,
    options,
  );
}
