'use client';

import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { getApp, queryKeys } from '@/app/_features/app';
import type { JobsState } from '@/lib/client/jobs';
import {
  getSegments,
  getTranscript,
  listRemoteTranscripts,
  listTranscripts,
  searchRemoteTranscripts,
  searchTranscripts,
} from '@/lib/client/store';

/** A transcript's record; `null` when there is none. */
export function useTranscript(id: string) {
  return useQuery({ queryKey: queryKeys.transcript(id), queryFn: () => getTranscript(id) });
}

/** Its rows in order, without words. */
export function useSegments(id: string) {
  return useQuery({ queryKey: queryKeys.segments(id), queryFn: () => getSegments(id) });
}

const NOT_LOADED: JobsState = { loaded: false, problem: null, jobs: [] };

const subscribe = (listener: () => void) => getApp().jobs.subscribe(listener);
const read = () => getApp().jobs.getState();
const readOnServer = () => NOT_LOADED;

const readAny = () => read().jobs.length > 0;
const readNone = () => false;

/** Whether anything is in the queue; draws again only when that changes. */
export function useHasJobs(): boolean {
  return useSyncExternalStore(subscribe, readAny, readNone);
}

/** The queue as it is now. On the server, and until it is read, it is not loaded. */
export function useJobs(): JobsState {
  return useSyncExternalStore(subscribe, read, readOnServer);
}

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
