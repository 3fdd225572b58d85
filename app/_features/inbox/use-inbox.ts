import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { getSetting, listTranscripts } from '@/lib/client/store';

/** Ids of the transcripts of this device. */
export function useIdsInLibrary(): readonly string[] {
  const { data = [] } = useQuery({
    queryKey: queryKeys.inLibrary,
    queryFn: async () => (await listTranscripts()).map(({ id }) => id),
  });
  return data;
}

/** The keys of inboxes on this device; undefined until they are read. */
export function useInboxKeys() {
  const { data } = useQuery({
    queryKey: queryKeys.setting('inboxKeys'),
    queryFn: () => getSetting('inboxKeys'),
  });
  return data;
}
