import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares two secrets; the time it takes says nothing about where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** The form in which the secret of a link is stored: a copy of the database opens nothing. */
export function hashToken(token: string): string {
  return digest(token).toString('base64url');
}
