'use client';

import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '@/app/_features/app';
import { getSegments, getTranscript } from '@/lib/client/store';

/** A transcript's record; `null` when there is none. */
export function useTranscript(id: string) {
  return useQuery({ queryKey: queryKeys.transcript(id), queryFn: () => getTranscript(id) });
}

/** Its rows in order, without words. */
export function useSegments(id: string) {
  return useQuery({ queryKey: queryKeys.segments(id), queryFn: () => getSegments(id) });
}
