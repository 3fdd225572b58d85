import 'server-only';
import type { FileHandle } from 'node:fs/promises';
import { AppError, abortError, onAbort, throwIfAborted } from '@/lib/core';

/** What one read of a file brings. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Bytes of a file, read as fast as they are wanted; it is closed at their end, or when given up.
 * @param start of the first byte
 * @param end after the last one
 */
export function fileStream(
  handle: FileHandle,
  { start, end }: { start: number; end: number },
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let position = start;
  let isOpen = true;
  const close = async () => {
    unfollow();
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  const unfollow = onAbort(signal, () => {
    // what fails here fails the next read as well
    void close();
  });
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        throwIfAborted(signal);
        const piece = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
        const { bytesRead } = await handle.read(piece, 0, piece.length, position);
        position += bytesRead;
        if (bytesRead === 0 && piece.length > 0)
          throw new AppError('UNKNOWN', 'A file became shorter while it was read.');
        if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
        if (position < end) return;
        await close();
        controller.close();
      } catch (error) {
        await close();
        throw signal?.aborted ? abortError(signal) : error;
      }
    },
    cancel: close,
  });
}
