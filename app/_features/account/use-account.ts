'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import {
  fetchDevices,
  fetchInvitations,
  fetchMembers,
  fetchSignInFacts,
  fetchSignInMethods,
} from './account';

/** What the server has is looked up again when a page that shows it is opened, in ms. */
const FRESH_MS = 10_000;

/** Whether there may be accounts on this server, and its providers; `undefined` until known. */
export function useSignInFacts(enabled = true) {
  return useQuery({
    queryKey: queryKeys.signInFacts,
    queryFn: ({ signal }) => fetchSignInFacts(signal),
    enabled,
  });
}

/** How the user signs in. */
export function useSignInMethods() {
  return useQuery({
    queryKey: queryKeys.signInMethods,
    queryFn: ({ signal }) => fetchSignInMethods(signal),
    staleTime: FRESH_MS,
  });
}

/** Where the user is signed in. */
export function useDevices() {
  return useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => fetchDevices(signal),
    staleTime: FRESH_MS,
  });
}

/** Everyone who has an account here; for the owner. */
export function useMembers() {
  return useQuery({
    queryKey: queryKeys.members,
    queryFn: ({ signal }) => fetchMembers(signal),
    staleTime: FRESH_MS,
  });
}

/** The invitations that are open; for the owner. */
export function useInvitations() {
  return useQuery({
    queryKey: queryKeys.invitations,
    queryFn: ({ signal }) => fetchInvitations(signal),
    staleTime: FRESH_MS,
  });
}

/** Reads again what of the account is on the page. */
export function useRefresh() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: queryKeys.account }), [client]);
}

/**
 * The secret of a link, from the part of the address that is not sent; `null` until it is read. Read
 * when the page opens and when the address is changed by hand: not while the app goes on elsewhere.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const read = () => setToken(window.location.hash.slice(1));
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return token;
}
