'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { queryKeys, ROWS_PER_PAGE } from '@/app/_features/app';
import type { Word } from '@/lib/transcript';
import { useTools } from './context';
import type { WordsOfRows } from './transcript-source';

const pagesOf = (results: { data: WordsOfRows | undefined }[]) => results.map(({ data }) => data);

/**
 * The words of the rows [from, to], read by pages. @returns the words of a row, undefined until
 * they are read; the same array for as long as they do not change
 */
export function useWords(from: number, to: number): (row: number) => Word[] | undefined {
  const { source } = useTools();
  const first = Math.floor(from / ROWS_PER_PAGE);
  const count = Math.max(0, Math.floor(to / ROWS_PER_PAGE) - first + 1);
  const pages = useQueries({
    queries: Array.from({ length: count }, (_, at) => {
      const start = (first + at) * ROWS_PER_PAGE;
      return {
        queryKey: queryKeys.words(source.id, first + at),
        queryFn: () => source.readWords(start, start + ROWS_PER_PAGE),
        initialData: () => source.wordsInMemory?.(start, start + ROWS_PER_PAGE),
      };
    }),
    combine: pagesOf,
  });
  return (row) =>
    pages[Math.floor(row / ROWS_PER_PAGE) - first]?.[row % ROWS_PER_PAGE] ?? undefined;
}

/** The whole waveform; undefined until it is read, or when there is none. */
export function useWaveform(durationMs: number): Uint8Array | undefined {
  const { source } = useTools();
  const { data } = useQuery({
    queryKey: queryKeys.peaks(source.id, durationMs),
    queryFn: () => source.readWaveform(durationMs),
  });
  return data ?? undefined;
}
