'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryKeys, ROWS_PER_PAGE } from '@/app/_features/app';
import { joinPeaks } from '@/lib/client/playback';
import { getPeaks, getSegments, getTranscript, getWords } from '@/lib/client/store';
import type { Word } from '@/lib/transcript';

/** A transcript's record; `null` when there is none. */
export function useTranscript(id: string) {
  return useQuery({ queryKey: queryKeys.transcript(id), queryFn: () => getTranscript(id) });
}

/** Its rows in order, without words. */
export function useSegments(id: string) {
  return useQuery({ queryKey: queryKeys.segments(id), queryFn: () => getSegments(id) });
}

/** Words of the rows of one page, by their place in it; `null` for a row that is not stored yet. */
export type WordsPage = (Word[] | null)[];

async function readPage(id: string, page: number): Promise<WordsPage> {
  const from = page * ROWS_PER_PAGE;
  const words = await getWords(id, from, from + ROWS_PER_PAGE);
  const last = Math.max(from - 1, ...words.keys());
  return Array.from({ length: last + 1 - from }, (_, at) => words.get(from + at) ?? null);
}

const pagesOf = (results: { data: WordsPage | undefined }[]) => results.map(({ data }) => data);

/**
 * The words of the rows [from, to], read by pages. @returns the words of a row, undefined until
 * they are read; the same array for as long as they do not change
 */
export function useWords(
  id: string,
  from: number,
  to: number,
): (row: number) => Word[] | undefined {
  const first = Math.floor(from / ROWS_PER_PAGE);
  const count = Math.max(0, Math.floor(to / ROWS_PER_PAGE) - first + 1);
  const pages = useQueries({
    queries: Array.from({ length: count }, (_, at) => ({
      queryKey: queryKeys.words(id, first + at),
      queryFn: () => readPage(id, first + at),
    })),
    combine: pagesOf,
  });
  return (row) =>
    pages[Math.floor(row / ROWS_PER_PAGE) - first]?.[row % ROWS_PER_PAGE] ?? undefined;
}

/** The whole waveform; undefined until it is read. */
export function useWaveform(id: string, durationMs: number) {
  const { data } = useQuery({ queryKey: queryKeys.peaks(id), queryFn: () => getPeaks(id) });
  return useMemo(() => (data ? joinPeaks(data, durationMs) : undefined), [data, durationMs]);
}
