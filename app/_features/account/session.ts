'use client';

import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { callServer, notePublicAddress } from '@/lib/client/http';
import { ACCOUNT_KEY } from '@/lib/client/store';
import { authApi, type SessionUser, sessionUserSchema } from '@/lib/contracts';
import { isPrivateSession, keepChoice, toAppError } from '@/lib/core';

export type { SessionUser };

const listeners = new Set<() => void>();

/** Calls `listener` whenever this tab has noted who is signed in. @returns unsubscribe */
export function onUserRemembered(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Who was last signed in on this device; `null`: they have signed out; `undefined`: nobody ever was. */
export function lastKnownUser(): SessionUser | null | undefined {
  // a private session belongs to nobody
  if (isPrivateSession()) return undefined;
  try {
    const text = localStorage.getItem(ACCOUNT_KEY);
    if (text === null) return undefined;
    return sessionUserSchema.nullable().catch(null).parse(JSON.parse(text));
  } catch {
    return undefined; // storage is switched off in this browser, or holds something else
  }
}

/** Stores who is signed in, for visits without a network; every tab then opens that user's library. */
export function rememberUser(user: SessionUser | null): void {
  // nothing is stored on a device where nobody ever signed in
  if (user === null && lastKnownUser() === undefined) return;
  keepChoice(ACCOUNT_KEY, JSON.stringify(user));
  for (const listener of listeners) listener();
}

/**
 * Who is signed in, according to the server; offline, or while the server is busy, according to its last answer. In
 * a private session nobody is, and the server is not asked.
 */
export async function fetchSession(signal?: AbortSignal): Promise<{ user: SessionUser } | null> {
  if (isPrivateSession()) return null;
  const asked = JSON.stringify(lastKnownUser());
  try {
    const session = await callServer('GET', '/api/auth/session', {
      schema: authApi.session.answer,
      signal,
    });
    const { user = null, address = null } = session;
    // otherwise another tab signed in or out meanwhile, and this answer may be outdated
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

/** A session may be ended from another device: it is checked again after this, in ms. */
const FRESH_MS = 60_000;

/** The query for who is signed in. */
export const sessionQuery = {
  queryKey: queryKeys.session,
  queryFn: ({ signal }: { signal: AbortSignal }) => fetchSession(signal),
};

/**
 * Who is signed in: `undefined` until that is known, `null` for nobody. Offline, whoever was signed in last.
 */
export function useSession() {
  const { data } = useQuery({
    ...sessionQuery,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: true,
    refetchOnReconnect: true,
  });
  return data;
}
