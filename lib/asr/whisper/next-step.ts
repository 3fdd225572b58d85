import { throwIfAborted } from '../../core/abort';

/**
 * Lets the worker's event loop turn once between two steps, since a cancel waits there, and stops
 * when it has come. A message port does it without the 4 ms that timers are held back.
 * @throws ABORTED
 */
export async function nextStep(signal: AbortSignal): Promise<void> {
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
