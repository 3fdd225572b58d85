'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { getApp, queryKeys } from '@/app/_features/app';
import type { TranscriptRecord } from '@/lib/client/store';
import type { AppError } from '@/lib/core';

/** What there is to play of a transcript's recording. */
export type PlayableState =
  /** It is not known yet. */
  | { kind: 'looking' }
  | { kind: 'none' }
  /** A copy that plays right is being made; `percent` of it is there. */
  | { kind: 'making'; percent: number }
  /** It is made when the transcription has come to the end. */
  | { kind: 'later' }
  | { kind: 'ready'; url: string; hasVideo: boolean; problem: AppError | null };

/**
 * What to play of the kept recording. Asked once for each visit: a new address would send the player
 * back to the start.
 */
export function usePlayable({ id, media, state }: TranscriptRecord): PlayableState {
  const kept = media === 'kept';
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.media(id),
    queryFn: () => getApp().playback.open(id),
    enabled: kept,
    staleTime: 0,
    gcTime: 0,
  });
  const waits = data?.kind === 'later';
  useEffect(() => {
    if (waits && state === 'complete') void refetch();
  }, [waits, state, refetch]);

  const file = data?.kind === 'ready' ? data.file : null;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(undefined);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  const percent = useStore(getApp().playback.progress, (all) => all[id]);

  if (!kept || isError || data === null) return { kind: 'none' };
  if (percent !== undefined) return { kind: 'making', percent };
  if (data?.kind === 'later') return { kind: 'later' };
  if (data === undefined || url === undefined) return { kind: 'looking' };
  return { kind: 'ready', url, hasVideo: data.hasVideo, problem: data.problem };
}
