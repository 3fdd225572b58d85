'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import {
  listRemoteTranscripts,
  listTranscripts,
  searchRemoteTranscripts,
  searchTranscripts,
} from '@/lib/client/store';

/** How long typing must rest before a search begins, in ms. */
const SEARCH_AFTER_MS = 200;

/** Every transcript's record, newest first, finished or not. */
export const transcriptsQuery = queryOptions({
  queryKey: queryKeys.transcripts,
  queryFn: listTranscripts,
});

/** Every transcript that is on another device of the user, newest first. */
export const remoteTranscriptsQuery = queryOptions({
  queryKey: queryKeys.remoteTranscripts,
  queryFn: listRemoteTranscripts,
});

/**
 * Where a text is said, or titles that hold it; nothing while the query is empty. What was found
 * carries the query it belongs to: while one types on, the last answer stays.
 */
export function useSearch(typed: string) {
  const query = useRested(typed.trim(), SEARCH_AFTER_MS);
  return useQuery({
    queryKey: queryKeys.search(query),
    queryFn: async ({ signal }) => {
      const [here, remote] = await Promise.all([
        searchTranscripts(query, signal),
        searchRemoteTranscripts(query),
      ]);
      return { query, hits: [...here, ...remote] };
    },
    enabled: query !== '',
    placeholderData: keepPreviousData,
  });
}

/** The value once it has stayed the same for a while. */
function useRested<T>(value: T, afterMs: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return rested;
}
