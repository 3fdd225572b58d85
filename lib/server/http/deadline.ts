import 'server-only';
import { AppError, abortable, type ErrorCode, onAbort, withTimeout } from '@/lib/core';

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
  onAbort(client, () => controller.abort(client.reason));
  const late = () => {
    const cause = new DOMException('Time is up.', 'TimeoutError');
    const error = new AppError(lateCode(), `Not done after ${timeoutMs} ms.`, { cause });
    controller.abort(cause);
    return error;
  };
  return withTimeout(abortable(run(controller.signal), client), timeoutMs, late);
}
