'use client';

import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { fetchSession } from './session';

/** A session may be ended from another device: it is looked at again after this, in ms. */
const FRESH_MS = 60_000;

/** The query for who is signed in. */
export const sessionQuery = {
  queryKey: queryKeys.session,
  queryFn: ({ signal }: { signal: AbortSignal }) => fetchSession(signal),
};

/**
 * Who is signed in: `undefined` until that is known, `null` for nobody. Without a connection it is
 * who was signed in last.
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
