'use client';

import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback } from 'react';
import { z } from 'zod';
import { queryKeys } from '@/app/_features/app';
import { callServer } from '@/lib/client/http';
import { updateContribution } from '@/lib/client/store';
import { type DatasetEntry, datasetApi, type PublishAnswer } from '@/lib/contracts';
import { toAppError } from '@/lib/core';

/** How often the page asks how far a version has come that is being written, in ms. */
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
