'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { queryKeys } from '@/app/_features/app';
import { fetchShares } from './own-shares';

/** The links to a transcript, or all (`null`), as the server has them now. */
export function useShares(transcriptId: string | null) {
  return useQuery({
    queryKey: queryKeys.shares(transcriptId),
    queryFn: ({ signal }) => fetchShares(transcriptId, signal),
    // others open them: nothing on this device tells
    staleTime: 0,
  });
}

/** Reads the links on the page again. */
export function useRefreshShares(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ['shares'] }), [client]);
}
