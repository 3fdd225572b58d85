import 'server-only';
import { AppError } from '@/lib/core';
import { processSingleton } from '@/lib/server/process';

/** Memory for the raw bodies of all requests together: each is held in memory until it is stored. */
const ROOM_BYTES = 256 * 2 ** 20;

/** When a client that found no room may retry, in s: a few bodies are stored by then. */
const RETRY_AFTER_S = 10;

function taken(): { bytes: number } {
  return processSingleton('body-room', () => ({ bytes: 0 }));
}

/**
 * Reserves memory for a body before any of it is read.
 * @param maxBytes the most that is read; a smaller `content-length` reserves less
 * @returns releases it; to be called once
 * @throws SERVER_BUSY: there is not enough
 */
export function takeRoom(headers: Headers, maxBytes: number): () => void {
  const length = headers.get('content-length');
  const sizeBytes = length !== null && /^\d+$/.test(length) ? Number(length) : maxBytes;
  const bytes = Math.min(sizeBytes, maxBytes);
  const room = taken();
  if (room.bytes + bytes > ROOM_BYTES)
    throw new AppError('SERVER_BUSY', 'Too many bodies are on their way.', {
      details: { retryAfterS: RETRY_AFTER_S },
    });
  room.bytes += bytes;
  return () => {
    room.bytes -= bytes;
  };
}
