'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { z } from 'zod';
import { queryKeys } from '@/app/_features/app';
import { callServer, publicOrigin } from '@/lib/client/http';
import { buildShareLink, hashOf } from '@/lib/client/sharing';
import { listShareLinks, removeShareLink } from '@/lib/client/store';
import { type ShareFacts, sharesApi } from '@/lib/contracts';
import { toAppError } from '@/lib/core';

/** A link to one of the user's transcripts. */
export interface OwnShare extends ShareFacts {
  /** The link itself; `null` when it was made on another device: no server has its secret. */
  link: string | null;
  /** The id in that link. */
  id: string | null;
}

/** The links to a transcript, or all (`null`), newest first. */
export async function fetchShares(
  transcriptId: string | null,
  signal: AbortSignal,
): Promise<OwnShare[]> {
  const query = transcriptId === null ? '' : `?transcriptId=${encodeURIComponent(transcriptId)}`;
  const [{ shares }, kept] = await Promise.all([
    callServer('GET', `/api/shares${query}`, { schema: sharesApi.list.answer, signal }),
    listShareLinks(),
  ]);
  const hashes = await Promise.all(kept.map(({ id }) => hashOf(id)));
  return shares.map((facts) => {
    const known = kept[hashes.indexOf(facts.idHash)];
    return {
      ...facts,
      id: known?.id ?? null,
      link: known
        ? buildShareLink(publicOrigin(), { ...known, isLive: facts.kind === 'live' })
        : null,
    };
  });
}

/** Ends a link at once and permanently; one that has ended already is fine. */
export async function revokeShare({ idHash, id, transcriptId }: OwnShare): Promise<void> {
  try {
    await callServer('DELETE', `/api/shares/${idHash}`, { schema: z.null() });
  } catch (error) {
    if (toAppError(error).code !== 'NOT_FOUND') throw error;
  }
  if (id !== null) await removeShareLink(id, transcriptId);
}

/** The links to a transcript, or all (`null`), as the server has them now. */
export function useShares(transcriptId: string | null) {
  return useQuery({
    queryKey: queryKeys.shares(transcriptId),
    queryFn: ({ signal }) => fetchShares(transcriptId, signal),
    // others open them: nothing on this device reports it
    staleTime: 0,
  });
}

/** Reads the links on the page again. */
export function useRefreshShares(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ['shares'] }), [client]);
}
