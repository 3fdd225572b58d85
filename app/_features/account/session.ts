import { z } from 'zod';
import { callServer, notePublicAddress } from '@/lib/client/http';
import { ACCOUNT_KEY } from '@/lib/client/store';
import { toAppError } from '@/lib/core';

const sessionUser = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'member']),
});

/** Who is signed in on this device. */
export type SessionUser = z.infer<typeof sessionUser>;

/** next-auth says `{}` for nobody. */
const sessionAnswer = z
  .object({
    user: sessionUser.optional(),
    /** What links to this server begin with, where that is set. */
    address: z.url().nullable().default(null),
  })
  .transform(({ user, address }) => (user ? { user, address } : null));

const listeners = new Set<() => void>();

/** Calls `listener` whenever this tab has noted who is signed in. @returns unsubscribe */
export function onUserRemembered(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What this device knows: who was signed in last (`null`: signed out since), `undefined`: nobody ever. */
export function lastKnownUser(): SessionUser | null | undefined {
  try {
    const text = localStorage.getItem(ACCOUNT_KEY);
    if (text === null) return undefined;
    return sessionUser.nullable().catch(null).parse(JSON.parse(text));
  } catch {
    return undefined; // storage is switched off in this browser, or holds something else
  }
}

/** Stores who is signed in, for visits without a network; every tab then opens that user's library. */
export function rememberUser(user: SessionUser | null): void {
  // a device where nobody ever signed in stays without a trace
  if (user === null && lastKnownUser() === undefined) return;
  try {
    localStorage.setItem(ACCOUNT_KEY, JSON.stringify(user));
  } catch {
    // storage is switched off in this browser: it is asked again on the next visit
  }
  for (const listener of listeners) listener();
}

/**
 * Who is signed in, as the server says; without a connection, or while the server is busy, who was
 * when it last said so.
 */
export async function fetchSession(signal?: AbortSignal): Promise<{ user: SessionUser } | null> {
  const asked = JSON.stringify(lastKnownUser());
  try {
    const session = await callServer('GET', '/api/auth/session', { schema: sessionAnswer, signal });
    const { user = null, address = null } = session ?? {};
    // else somebody signed in or out in another tab meanwhile: this answer may be older than that
    if (JSON.stringify(lastKnownUser()) === asked) rememberUser(user);
    notePublicAddress(address);
    return user && { user };
  } catch (error) {
    const { code } = toAppError(error);
    if (code !== 'OFFLINE' && code !== 'SERVER_BUSY' && code !== 'CONNECTION_SLOW') throw error;
    const user = lastKnownUser();
    return user ? { user } : null;
  }
}
