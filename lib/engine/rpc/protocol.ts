import type { WireError } from './wire-error';

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
