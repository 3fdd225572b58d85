import 'server-only';
import { AppError, abortError, withTimeout } from '@/lib/core';

/** How long the next piece of a body may take to come. */
export const STALL_TIMEOUT_MS = 5_000;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The next piece, unless it takes too long. */
async function nextPiece(reader: Reader, signal: AbortSignal | undefined) {
  const late = () =>
    new AppError('SERVER_BUSY', 'The object store stopped in the middle of a body.');
  try {
    return await withTimeout(reader.read(), STALL_TIMEOUT_MS, late);
  } catch (error) {
    if (signal?.aborted) throw abortError(signal);
    if (error instanceof AppError) throw error;
    throw new AppError('SERVER_BUSY', 'The object store broke off in the middle of a body.', {
      cause: error,
    });
  }
}

/**
 * An answer's body, checked against its declared length; given up when it stalls.
 * @param end called once, when the body is at its end or is not wanted any more
 */
export function checkedBody(
  body: ReadableStream<Uint8Array>,
  sizeBytes: number,
  signal: AbortSignal | undefined,
  end: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let receivedBytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await nextPiece(reader, signal);
          receivedBytes += value?.length ?? 0;
          if (receivedBytes > sizeBytes || (done && receivedBytes < sizeBytes))
            throw new AppError('SERVER_BUSY', 'The object store sent a body of the wrong length.', {
              details: { sizeBytes, receivedBytes },
            });
          if (value) controller.enqueue(value);
          if (!done) return;
          controller.close();
          end();
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel: end,
    },
    // nothing is read ahead: the reader sets the pace
    { highWaterMark: 0 },
  );
}

/**
 * A small answer as text.
 * @throws SERVER_BUSY when it stalls, breaks off, or is longer than `maxBytes`
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let readBytes = 0;
  for (;;) {
    const { done, value } = await nextPiece(reader, signal);
    if (done) return text + decoder.decode();
    readBytes += value.length;
    if (readBytes > maxBytes)
      throw new AppError('SERVER_BUSY', 'The object store sent more than it should.');
    text += decoder.decode(value, { stream: true });
  }
}
