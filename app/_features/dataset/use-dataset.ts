'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { z } from 'zod';
import { useSession } from '@/app/_features/account';
import { getApp, queryKeys } from '@/app/_features/app';
import { readClips } from '@/lib/client/dataset';
import { callServer } from '@/lib/client/http';
import {
  currentLibrary,
  listContributions,
  listTranscripts,
  updateContribution,
} from '@/lib/client/store';
import { type DatasetEntry, datasetApi, type PublishAnswer } from '@/lib/contracts';
import { toAppError } from '@/lib/core';

/** How often the page polls the progress of a version that is being written, in ms. */
const PROGRESS_EVERY_MS = 2_000;

/** What the server says of the training set now. */
export function useDataset() {
  return useQuery({
    queryKey: queryKeys.dataset,
    queryFn: ({ signal }) =>
      callServer('GET', datasetApi.figures.path, { schema: datasetApi.figures.answer, signal }),
    staleTime: 0,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.publishing ? PROGRESS_EVERY_MS : false),
  });
}

/** What the user gave, from all devices, newest first. */
export function useOwnEntries() {
  return useInfiniteQuery({
    queryKey: queryKeys.ownEntries,
    queryFn: ({ signal, pageParam }) =>
      callServer('GET', `${datasetApi.entries.path}?of=mine${pageParam}`, {
        schema: datasetApi.entries.answer,
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => (next === null ? null : `&after=${encodeURIComponent(next)}`),
    staleTime: 0,
  });
}

/** Reads all that is shown of the training set again. */
export function useRefreshDataset(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: queryKeys.dataset }), [client]);
}

/** Withdraws entries; ones that were withdrawn already are fine. */
export async function withdrawEntries(entries: readonly Pick<DatasetEntry, 'id'>[]): Promise<void> {
  for (const { id } of entries) {
    try {
      await callServer('DELETE', `${datasetApi.entries.path}/${id}`, { schema: z.null() });
    } catch (error) {
      if (toAppError(error).code !== 'NOT_FOUND') throw error;
    }
    // if it was given from this browser
    await updateContribution(id, () => ({ state: 'withdrawn' }));
  }
}

/** Begins a version of all that was given until now; a small one is published by the time of the answer. */
export const publishVersion = (): Promise<PublishAnswer> =>
  callServer('POST', datasetApi.publish.path, { schema: datasetApi.publish.answer });

/** Where a file of a version is downloaded from. */
export const versionFileUrl = (name: string, path: string): string =>
  `/api/dataset/versions/${name}/${path.split('/').map(encodeURIComponent).join('/')}`;

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
