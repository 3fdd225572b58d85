'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, useSyncExternalStore } from 'react';
import { attempt } from '@/app/_features/ui';
import { fetchCatalogue } from '@/lib/catalogue';
import {
  currentLibrary,
  DEFAULT_SETTINGS,
  getSetting,
  libraryBytes,
  type Settings,
  setSetting,
  storageFacts,
} from '@/lib/client/store';
import { isPrivateSession } from '@/lib/core';
import { queryKeys } from './queries';

/** One setting; its default until it is read. */
export function useSetting<K extends keyof Settings>(name: K): Settings[K] {
  const { data } = useQuery({
    queryKey: queryKeys.setting(name),
    queryFn: () => getSetting(name),
  });
  return data ?? DEFAULT_SETTINGS[name];
}

/**
 * A setting with the way to change it. What is chosen is shown at once; where it cannot be stored,
 * that is said and what was stored is shown again.
 */
export function useChosenSetting<K extends keyof Settings>(
  name: K,
): [value: Settings[K], choose: (value: Settings[K]) => Promise<void>] {
  const client = useQueryClient();
  const stored = useSetting(name);
  // the cache reports a change a little later: until then a box would jump back
  const [chosen, setChosen] = useState<{ value: Settings[K] } | null>(null);
  const newest = useRef(chosen);
  const choose = async (value: Settings[K]) => {
    const queryKey = queryKeys.setting(name);
    const latest = { value };
    newest.current = latest;
    setChosen(latest);
    client.setQueryData(queryKey, value);
    await attempt(() => setSetting(name, value));
    if (newest.current !== latest) return;
    // what was read before this was stored may be in the cache by now
    await client.invalidateQueries({ queryKey });
    setChosen((now) => (now === latest ? null : now));
  };
  return [chosen ? chosen.value : stored, choose];
}

/** The models that are shipped with the app. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: ({ signal }) =>
      fetchCatalogue(new URL('/models/catalogue.json', location.origin).href, signal),
  });
}

/** Size of this library's recordings, in bytes. */
export function useLibraryBytes() {
  return useQuery({
    queryKey: queryKeys.librarySize,
    queryFn: () => libraryBytes(currentLibrary()),
  });
}

/** How much of the browser's storage is in use. */
export function useStorageFacts() {
  return useQuery({ queryKey: queryKeys.storage, queryFn: storageFacts });
}

const never = () => () => undefined;
const notOnServer = () => false;

/** Whether this tab is a private session; not before it is in a browser. */
export const usePrivateSession = () => useSyncExternalStore(never, isPrivateSession, notOnServer);
