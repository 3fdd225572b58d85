import 'server-only';
import { AppError, abortable, type ErrorCode, onAbort } from '@/lib/core';

/**
 * Runs work that has to be done in time. The work's signal fires when time is up and when the client
 * goes away; after the work is done only the latter counts, so that an answer may take long to send.
 * @param client fires when nobody waits for the answer any more
 * @param lateCode whose fault it is, asked when time is up
 * @throws `lateCode()` when time is up, whether or not the work obeys; ABORTED
 */
export async function withDeadline<T>(
  client: AbortSignal,
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<T>,
  lateCode: () => ErrorCode = () => 'SERVER_BUSY',
): Promise<T> {
  const controller = new AbortController();
  let late: ErrorCode | null = null;
  onAbort(client, () => controller.abort(client.reason));
  const timer = setTimeout(() => {
    late = lateCode();
    controller.abort(new DOMException('Time is up.', 'TimeoutError'));
  }, timeoutMs);
  try {
    return await abortable(run(controller.signal), controller.signal);
  } catch (cause) {
    if (late === null) throw cause;
    throw new AppError(late, `Not done after ${timeoutMs} ms.`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
