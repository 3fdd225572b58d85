import { AppError, abortError, onAbort, unreachable } from '@/lib/core';
import {
  type CallOptions,
  type Client,
  type FromWorker,
  fromWireError,
  type Methods,
  PROTOCOL_VERSION,
  type Progress,
} from './protocol';

/** The part of a `Worker` the client needs; tests give it a `MessagePort` in the same shape. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export interface ClientOptions {
  /** For messages: `decode`, `segment`, … */
  name: string;
  /** How long a fresh worker may take until it says `ready` (default 30 s). */
  readyTimeoutMs?: number;
  /** How long a cancelled call may continue before its worker is terminated (default 2 s). */
  cancelTimeoutMs?: number;
  /**
   * How long any call may take before its worker counts as hung (default 5 min): far longer than
   * the longest step, a batch on a slow machine or decoding up to a late position.
   */
  callTimeoutMs?: number;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onProgress: ((value: unknown) => void) | null;
  stopListening(): void;
  cancelTimer: ReturnType<typeof setTimeout> | null;
  callTimer: ReturnType<typeof setTimeout>;
}

/** One life of the worker: all that ends with it. */
interface Life {
  worker: WorkerLike;
  ready: boolean;
  readyTimer: ReturnType<typeof setTimeout>;
  pending: Map<number, Pending>;
}

/**
 * A typed caller of one worker. The worker starts on the first call. When it crashes, posts
 * something unreadable, stays silent at start, or does not obey a cancel, every pending call
 * rejects, and the next call starts a fresh worker.
 */
export function createClient<A extends Methods<A>>(
  spawn: () => WorkerLike,
  options: ClientOptions,
): Client<A> {
  const {
    name,
    readyTimeoutMs = 30_000,
    cancelTimeoutMs = 2_000,
    callTimeoutMs = 300_000,
  } = options;
  let life: Life | null = null;
  let nextId = 1;
  let disposed = false;

  const end = (which: Life, error: AppError) => {
    clearTimeout(which.readyTimer);
    which.worker.terminate();
    if (life === which) life = null;
    for (const [id, call] of [...which.pending]) {
      takePending(which, id);
      call.reject(error);
    }
  };

  const takePending = (which: Life, id: number): Pending | null => {
    const call = which.pending.get(id);
    if (!call) return null;
    which.pending.delete(id);
    call.stopListening();
    if (call.cancelTimer) clearTimeout(call.cancelTimer);
    clearTimeout(call.callTimer);
    return call;
  };

  const crash = (which: Life, what: string, cause?: unknown) =>
    end(
      which,
      new AppError('WORKER_CRASHED', `Worker "${name}": ${what}`, {
        fatal: true,
        details: { worker: name },
        ...(cause === undefined ? {} : { cause }),
      }),
    );

  const receive = (which: Life, message: FromWorker) => {
    switch (message.kind) {
      case 'ready':
        which.ready = true;
        clearTimeout(which.readyTimer);
        if (message.protocolVersion !== PROTOCOL_VERSION)
          crash(which, `speaks protocol ${message.protocolVersion}, not ${PROTOCOL_VERSION}`);
        return;
      case 'progress':
        which.pending.get(message.id)?.onProgress?.(message.value);
        return;
      case 'result':
        takePending(which, message.id)?.resolve(message.value);
        return;
      case 'error': {
        const error = fromWireError(message.error);
        takePending(which, message.id)?.reject(error);
        if (error.fatal) end(which, error);
        return;
      }
      default:
        unreachable(message);
    }
  };

  const start = (): Life => {
    const worker = spawn();
    const made: Life = {
      worker,
      ready: false,
      readyTimer: setTimeout(
        () => crash(made, `not ready after ${readyTimeoutMs} ms`),
        readyTimeoutMs,
      ),
      pending: new Map(),
    };
    worker.addEventListener('message', (event) => receive(made, event.data as FromWorker));
    worker.addEventListener('messageerror', () => crash(made, 'sent an unreadable message'));
    worker.addEventListener('error', (event) => {
      event.preventDefault?.();
      crash(made, event.message || 'failed to load', event.error ?? undefined);
    });
    return made;
  };

  return {
    call<K extends keyof A>(
      method: K,
      params: A[K]['params'],
      { signal, transfer = [], onProgress }: CallOptions<A[K]> = {},
    ): Promise<A[K]['result']> {
      if (disposed) return Promise.reject(new AppError('ABORTED', `Worker "${name}" is disposed.`));
      if (signal?.aborted) return Promise.reject(abortError(signal));
      life ??= start();
      const mine = life;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const stopListening = onAbort(signal, () => {
          const call = mine.pending.get(id);
          if (!call || !signal) return;
          const error = abortError(signal);
          call.cancelTimer = setTimeout(() => {
            takePending(mine, id)?.reject(error);
            crash(mine, `did not stop within ${cancelTimeoutMs} ms`);
          }, cancelTimeoutMs);
          mine.worker.postMessage({ kind: 'cancel', id }, []);
        });
        mine.pending.set(id, {
          resolve: resolve as (value: unknown) => void,
          reject,
          // the worker's handler is typed by the same map
          onProgress: onProgress ? (value) => onProgress(value as Progress<A[K]>) : null,
          stopListening,
          cancelTimer: null,
          callTimer: setTimeout(
            () => crash(mine, `did not answer "${String(method)}" within ${callTimeoutMs} ms`),
            callTimeoutMs,
          ),
        });
        try {
          mine.worker.postMessage({ kind: 'call', id, method, params }, transfer);
        } catch (cause) {
          takePending(mine, id)?.reject(
            new AppError('BAD_REQUEST', `Worker "${name}" cannot be sent this call.`, { cause }),
          );
        }
      });
    },
    release() {
      if (life?.pending.size === 0)
        end(life, new AppError('ABORTED', `Worker "${name}" was released.`));
    },
    dispose() {
      disposed = true;
      if (life) end(life, new AppError('ABORTED', `Worker "${name}" was disposed.`));
    },
  };
}
