import { throwIfAborted } from './abort';

/** Work stands still for its events at most this often: a turn costs about 0.1 ms. */
const TURN_EVERY_MS = 50;

/**
 * Lets the event loop turn once between two steps of long work, since a cancel waits there, and
 * stops when it has come. A message port does it without the 4 ms that timers are held back.
 * @throws ABORTED
 */
export async function eventTurn(signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
  throwIfAborted(signal);
}

/**
 * For the small steps of long work: each call looks at the signal, and now and then lets the event
 * loop turn. The first one does.
 */
export function pauses(signal?: AbortSignal): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - last < TURN_EVERY_MS) return;
    await eventTurn(signal);
    last = performance.now();
  };
}
