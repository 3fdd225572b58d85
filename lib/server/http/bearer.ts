import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@/lib/core';

/**
 * Refuses who does not bring this token, as if there were nothing here. Takes the same time for
 * every wrong one.
 * @param token `null`: nobody may
 * @throws NOT_FOUND
 */
export function checkBearer(headers: Headers, token: string | null): void {
  const given = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  // digests have one length, whatever was sent
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const isRight = timingSafeEqual(digest(given ?? ''), digest(token ?? ''));
  if (token === null || given === undefined || !isRight)
    throw new AppError('NOT_FOUND', 'There is nothing here.');
}
