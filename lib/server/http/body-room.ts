import 'server-only';
import { AppError } from '@/lib/core';
import { processSingleton } from '@/lib/server/process';

/** What raw bodies may take of the memory, all requests together: each is held whole until it is stored. */
const ROOM_BYTES = 256 * 2 ** 20;

/** When a client may try again that found no room, in s: a few bodies are stored by then. */
const RETRY_AFTER_S = 10;

function taken(): { bytes: number } {
  return processSingleton('body-room', () => ({ bytes: 0 }));
}

/**
 * Takes room for a body before any of it is read.
 * @param maxBytes the most that is read; where the request says how long it is, that much is enough
 * @returns gives the room back; called once
 * @throws SERVER_BUSY: there is none
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
