import { abortError, delay, isAbort, onAbort } from '@/lib/core';

/**
 * Waits, or less long where the browser says that there is a network again.
 * @throws ABORTED when the signal fires
 */
export async function delayUntilOnline(ms: number, signal?: AbortSignal): Promise<void> {
  const waited = new AbortController();
  const end = () => waited.abort();
  const stop = onAbort(signal, end);
  globalThis.addEventListener?.('online', end);
  try {
    await delay(ms, waited.signal);
  } catch (error) {
    if (signal?.aborted) throw abortError(signal);
    if (!isAbort(error)) throw error;
  } finally {
    stop();
    globalThis.removeEventListener?.('online', end);
  }
}
