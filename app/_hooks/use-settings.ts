'use client';

import { useQuery } from '@tanstack/react-query';
import { fetchCatalogue } from '@/lib/models/files';
import { storageFacts } from '@/lib/store/quota';
import type { Settings } from '@/lib/store/schema';
import { DEFAULT_SETTINGS, getSetting } from '@/lib/store/settings';
import { queryKeys } from '../_state/queries';

/** One setting; its default until it is read. */
export function useSetting<K extends keyof Settings>(name: K): Settings[K] {
  const { data } = useQuery({
    queryKey: queryKeys.setting(name),
    queryFn: () => getSetting(name),
  });
  return data ?? DEFAULT_SETTINGS[name];
}

/** The models that are shipped with the app. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: ({ signal }) =>
      fetchCatalogue(new URL('/models/catalogue.json', location.origin).href, signal),
  });
}

/** How much of the browser's storage is in use. */
export function useStorageFacts() {
  return useQuery({ queryKey: queryKeys.storage, queryFn: storageFacts });
}
