'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { getMedia } from '@/lib/store/media';
import type { TranscriptRecord } from '@/lib/store/schema';
import { getPeaks, getSegments, getTranscript, getWords } from '@/lib/store/transcripts';
import { queryKeys, ROWS_PER_PAGE } from '../_state/queries';
import { joinPeaks } from '../_state/waveform';

/** A transcript's record; `null` when there is none. */
export function useTranscript(id: string) {
  return useQuery({ queryKey: queryKeys.transcript(id), queryFn: () => getTranscript(id) });
}

/** Its rows in order, without words. */
export function useSegments(id: string) {
  return useQuery({ queryKey: queryKeys.segments(id), queryFn: () => getSegments(id) });
}

/** The words of one row; rows near each other are read together. Undefined until they are read. */
export function useRowWords(id: string, row: number) {
  const page = Math.floor(row / ROWS_PER_PAGE);
  const from = page * ROWS_PER_PAGE;
  const { data } = useQuery({
    queryKey: queryKeys.words(id, page),
    queryFn: () => getWords(id, from, from + ROWS_PER_PAGE),
    select: (rows) => rows.get(row),
  });
  return data;
}

/** The whole waveform; undefined until it is read. */
export function useWaveform(id: string, durationMs: number) {
  const { data } = useQuery({ queryKey: queryKeys.peaks(id), queryFn: () => getPeaks(id) });
  return useMemo(() => (data ? joinPeaks(data, durationMs) : undefined), [data, durationMs]);
}

/**
 * An address to play the kept recording from; `null` while it is not there, `undefined` until that
 * is known. Read once for each visit: a new address would send the player back to the start.
 */
export function useMediaUrl({ id, media }: TranscriptRecord): string | null | undefined {
  const kept = media === 'kept';
  const { data: file } = useQuery({
    queryKey: queryKeys.media(id),
    queryFn: () => getMedia(id),
    enabled: kept,
    staleTime: 0,
    gcTime: 0,
  });
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
  return kept && file !== null ? url : null;
}
