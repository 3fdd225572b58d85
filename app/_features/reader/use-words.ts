'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { pageOfRow, queryKeys, ROWS_PER_PAGE } from '@/app/_features/app';
import type { SegmentRecord } from '@/lib/client/store';
import type { Word } from '@/lib/transcript';
import { useTools } from './context';
import type { WordsOfRows } from './transcript-source';

const pagesOf = (results: { data: WordsOfRows | undefined }[]) => results.map(({ data }) => data);

/**
 * The words of some rows, read by pages. @returns the words of a row, undefined until they are read; the
 * same array for as long as they do not change
 */
export function useWords(
  rows: readonly Pick<SegmentRecord, 'index'>[],
): (row: Pick<SegmentRecord, 'index'>) => Word[] | undefined {
  const { source } = useTools();
  const numbers = [...new Set(rows.map(({ index }) => pageOfRow(index)))];
  const pages = useQueries({
    queries: numbers.map((page) => {
      const [from, to] = [page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE];
      return {
        queryKey: queryKeys.words(source.id, page),
        queryFn: () => source.readWords(from, to),
        initialData: () => source.wordsInMemory?.(from, to),
        // a map is compared by its words below, not copied
        structuralSharing: false as const,
      };
    }),
    combine: pagesOf,
  });
  return ({ index }) => pages[numbers.indexOf(pageOfRow(index))]?.get(index);
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
