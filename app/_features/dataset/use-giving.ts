'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSession } from '@/app/_features/account';
import { getApp, queryKeys } from '@/app/_features/app';
import { readClips } from '@/lib/client/dataset';
import { currentLibrary, listContributions, listTranscripts } from '@/lib/client/store';

/** Sends what the signed-in user agreed to give, while the page has their library. */
export function useGiving(): void {
  const client = useQueryClient();
  const owner = useSession()?.user.id;
  useEffect(() => {
    if (owner === undefined || owner !== currentLibrary()) return;
    return getApp().startGiving(
      () => void client.invalidateQueries({ queryKey: queryKeys.session }),
    );
  }, [client, owner]);
}

/** What can be given of a transcript as it is now. */
export function useClips(transcriptId: string) {
  return useQuery({
    queryKey: queryKeys.clips(transcriptId),
    queryFn: () => readClips(transcriptId),
    // it was edited since, perhaps
    staleTime: 0,
    gcTime: 0,
  });
}

/** What was agreed to in this browser, in order of time. */
export function useContributions() {
  return useQuery({ queryKey: queryKeys.contributions, queryFn: () => listContributions() });
}

/** Titles of the transcripts of this browser, by the pseudonym of their recording. */
export function useTitles(): Map<string, string> {
  const { data: contributions = [] } = useContributions();
  const { data: records = [] } = useQuery({
    queryKey: queryKeys.transcripts,
    queryFn: listTranscripts,
  });
  const titles = new Map(records.map(({ id, title }) => [id, title]));
  return new Map(
    contributions.flatMap(({ recording, transcriptId }) => {
      const title = titles.get(transcriptId);
      return title === undefined ? [] : [[recording, title] as const];
    }),
  );
}
