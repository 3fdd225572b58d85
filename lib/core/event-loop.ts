import { throwIfAborted } from './abort';

/** A yielder gives way at most this often, in ms: once costs about 0.1 ms. */
const YIELD_EVERY_MS = 50;

/** Longest piece of work on the page's own thread, in ms: input and drawing wait no longer for it. */
const SLICE_MS = 12;

/**
 * Lets everything else that waits have its turn between two steps of long work: input, drawing,
 * messages, a cancel. By a message port, since browsers delay timers: by 4 ms each, and by seconds in
 * background tabs.
 * @throws ABORTED
 */
export async function yieldToEventLoop(signal?: AbortSignal): Promise<void> {
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
 * For the small steps of long work: each call checks the signal, and from time to time yields to the
 * event loop. The first call does.
 */
export function createYielder(signal?: AbortSignal): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - last < YIELD_EVERY_MS) return;
    await yieldToEventLoop(signal);
    last = performance.now();
  };
}

/** Divides long work on the page's own thread into short slices. */
export class WorkSlices {
  private sinceMs = performance.now();

  /** Whether it is time to `pause`. Cheap enough to be asked at every step. */
  get isOver(): boolean {
    return performance.now() - this.sinceMs >= SLICE_MS;
  }

  async pause(): Promise<void> {
    await yieldToEventLoop();
    this.sinceMs = performance.now();
  }
}
