import pLimit from 'p-limit';
import { AppError, reportRequests, unreachable } from '@/lib/core';
import {
  type FromWorker,
  type Handlers,
  type Methods,
  PROTOCOL_VERSION,
  type ToWorker,
  Transferred,
  toWireError,
} from './protocol';

/** Progress goes out at most this often. */
const PROGRESS_INTERVAL_MS = 100;

/** The part of a worker's global scope (or of a `MessagePort`) that a server needs. */
export interface ServerPort {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  start?: () => void;
}

/**
 * Answers calls on a port. Calls run one after another, in order: a runtime such as ONNX Runtime
 * fails when a session runs twice at once, and one failed call does not fail the next.
 */
export function serve<A extends Methods<A>>(port: ServerPort, handlers: Handlers<A>): void {
  // a port of a test is not a worker
  if (port === globalThis && 'WorkerGlobalScope' in globalThis) reportRequests();
  const one = pLimit(1);
  /** Calls that have not been answered. */
  const open = new Map<number, { abort: AbortController; begun: boolean }>();
  const post = (message: FromWorker, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);

  const answer = async ({ id, method, params }: Extract<ToWorker<A>, { kind: 'call' }>) => {
    const state = open.get(id);
    if (!state) return; // cancelled while it waited its turn
    state.begun = true;
    const progress = throttle((value: unknown) => post({ kind: 'progress', id, value }));
    try {
      const handler = handlers[method];
      if (!handler) throw new AppError('BAD_REQUEST', `No such method: ${String(method)}`);
      const value = await handler(params, { signal: state.abort.signal, progress: progress.send });
      progress.flush();
      if (value instanceof Transferred)
        post({ kind: 'result', id, value: value.value }, value.transfer);
      else post({ kind: 'result', id, value });
    } catch (error) {
      progress.flush();
      post({ kind: 'error', id, error: toWireError(error) });
    } finally {
      open.delete(id);
    }
  };

  port.addEventListener('message', (event: MessageEvent) => {
    // the only writer on this port is our own client
    const message = event.data as ToWorker<A>;
    switch (message.kind) {
      case 'call': {
        open.set(message.id, { abort: new AbortController(), begun: false });
        void one(() => answer(message));
        return;
      }
      case 'cancel': {
        const { id } = message;
        const state = open.get(id);
        if (!state) return;
        state.abort.abort();
        if (state.begun) return;
        open.delete(id);
        const error = new AppError('ABORTED', 'Cancelled before it began.');
        post({ kind: 'error', id, error: toWireError(error) });
        return;
      }
      default:
        unreachable(message);
    }
  });
  port.start?.();
  post({ kind: 'ready', protocolVersion: PROTOCOL_VERSION });
}

function throttle(send: (value: unknown) => void) {
  let lastMs = Number.NEGATIVE_INFINITY;
  let held: { value: unknown } | null = null;
  return {
    send: (value: unknown) => {
      const now = performance.now();
      if (now - lastMs < PROGRESS_INTERVAL_MS) {
        held = { value };
        return;
      }
      lastMs = now;
      held = null;
      send(value);
    },
    flush: () => {
      if (held) send(held.value);
      held = null;
    },
  };
}
