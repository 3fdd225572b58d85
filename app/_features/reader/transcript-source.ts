'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { pageOfRow, queryKeys, ROWS_PER_PAGE } from '@/app/_features/app';
import { attempt } from '@/app/_features/ui';
import { joinPeaks } from '@/lib/client/playback';
import {
  getPeaks,
  getWords,
  readTranscript,
  type SegmentRecord,
  type Settings,
  setSetting,
} from '@/lib/client/store';
import type { Word } from '@/lib/transcript';
import { useTools } from './context';

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

/** A transcript of this browser's own store. */
export function storedSource(id: string): TranscriptSource {
  return {
    id,
    readWords: (from, to) => getWords(id, from, to),
    readWaveform: async (durationMs) => joinPeaks(await getPeaks(id), durationMs),
    keep(choices) {
      // one by one, as they are stored
      for (const name of CHOICES) {
        const value = choices[name];
        if (value !== undefined) void attempt(() => setSetting(name, value));
      }
    },
  };
}

const CHOICES = ['playbackRate', 'followAlong', 'slowWhileTyping', 'shortcuts', 'pedals'] as const;

/** A whole transcript of this browser's own store, to be exported. @throws NOT_FOUND, STORE_FAILED */
export const readStored = (id: string) => readTranscript(id);

/** The choices of a reader that outlast the page. */
export type ReaderChoices = Pick<
  Settings,
  'playbackRate' | 'followAlong' | 'slowWhileTyping' | 'shortcuts' | 'pedals'
>;

/** The words of rows by their `index`. */
export type WordsOfRows = ReadonlyMap<number, Word[]>;

/** Where a reader's words and waveform come from: this browser's store, or a share. */
export interface TranscriptSource {
  /** The transcript's id. */
  id: string;
  /** Reads the rows whose index is at least `from` and less than `to`. */
  readWords(from: number, to: number): Promise<WordsOfRows>;
  /** The same at once, where all words are in memory. */
  wordsInMemory?(from: number, to: number): WordsOfRows;
  /** Loudness over time, 0 to 255; `null` when there is none. */
  readWaveform(durationMs: number): Promise<Uint8Array | null>;
  /** Stores choices for the next visit, where there is a place for them. */
  keep(choices: Partial<ReaderChoices>): void;
}
