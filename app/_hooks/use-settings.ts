'use client';

import { useQuery } from '@tanstack/react-query';
import { catalogueSchema } from '@/lib/models/catalogue';
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
    queryFn: async ({ signal }) => {
      const response = await fetch('/models/catalogue.json', { signal });
      return catalogueSchema.parse(await response.json());
    },
  });
}

/** How much of the browser's storage is in use. */
export function useStorageFacts() {
  return useQuery({ queryKey: queryKeys.storage, queryFn: storageFacts });
}
