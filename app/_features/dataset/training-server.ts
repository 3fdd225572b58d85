'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { queryKeys } from '@/app/_features/app';
import { callServer } from '@/lib/client/http';
import { type TrainingRun, trainingApi } from '@/lib/contracts';

/** Under that of the training set: publishing a version may start a run. */
const KEY = [...queryKeys.dataset, 'training'];

/** The training runs of this server, for its owner. */
export function useTraining() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) =>
      callServer('GET', trainingApi.list.path, { schema: trainingApi.list.answer, signal }),
    staleTime: 0,
  });
}

/** Reads the runs again. */
export function useRefreshTraining(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: KEY }), [client]);
}

/** Starts the run of a version. */
export const startRun = (version: string): Promise<TrainingRun> =>
  callServer('POST', trainingApi.start.path, {
    body: { version },
    schema: trainingApi.start.answer,
  });

/** Cancels a run, starts it again, or puts its model in use or out of it. */
export const actOnRun = (
  { id }: TrainingRun,
  action: 'cancel' | 'retry' | 'use' | 'use-previous',
): Promise<TrainingRun> =>
  callServer('POST', `${trainingApi.list.path}/${id}`, {
    body: { action },
    schema: trainingApi.act.answer,
  });
