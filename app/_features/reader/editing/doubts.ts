import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SegmentRecord } from '@/lib/client/store';
import { yieldToEventLoop } from '@/lib/core';
import { UNSURE_BELOW, type Word } from '@/lib/transcript';
import type { TranscriptSource } from '../transcript-source';

/** A word that the recogniser was unsure of. */
export interface Doubt {
  rowId: string;
  word: Word;
}

/** In which order doubtful words are walked. */
export type DoubtOrder = 'confidence' | 'time';

export interface DoubtState {
  /** In the order of the text; `null` until all words have been looked at. */
  doubts: readonly Doubt[] | null;
  order: DoubtOrder;
}

/** The doubtful words of a transcript. */
export interface Doubts {
  store: StoreApi<DoubtState>;
  /** Looks at rows that were not looked at as they are; what was begun before is given up. */
  look(rows: readonly SegmentRecord[]): Promise<void>;
  /** In the order in which they are walked. */
  walk(): Doubt[];
  /** Takes off what was decided, without waiting for another look at its rows. */
  decided(which: readonly Doubt[]): void;
}

/** Rows by index whose words are read at once: a few milliseconds, so that the page stays free. */
const ROWS_AT_ONCE = 100;

/** Finds the doubtful words of a transcript. */
export function createDoubts({ readWords }: Pick<TranscriptSource, 'readWords'>): Doubts {
  const store = createStore<DoubtState>(() => ({ doubts: null, order: 'confidence' }));
  /** What is known of a row: an edit makes another object of it. */
  const known = new WeakMap<SegmentRecord, Doubt[]>();
  let latest: readonly SegmentRecord[] = [];

  return {
    store,
    async look(rows) {
      latest = rows;
      const missing = rows.filter((row) => !known.has(row));
      for (let from = 0; from < missing.length; from += ROWS_AT_ONCE) {
        const some = missing.slice(from, from + ROWS_AT_ONCE);
        const [first, last] = [some[0]?.index ?? 0, some.at(-1)?.index ?? 0];
        // rows that were edited may lie far from each other: each is read by itself then
        const isNear = last - first <= 2 * ROWS_AT_ONCE;
        const ranges = isNear ? [[first, last]] : some.map(({ index }) => [index, index]);
        const words = new Map<number, Word[]>();
        for (const [low = 0, high = 0] of ranges)
          for (const [index, found] of await readWords(low, nextAfter(high)))
            words.set(index, found);
        for (const row of some)
          known.set(
            row,
            (words.get(row.index) ?? [])
              .filter(isDoubtful)
              .map((word) => ({ rowId: row.id, word })),
          );
        await yieldToEventLoop();
        if (latest !== rows) return;
      }
      store.setState({ doubts: rows.flatMap((row) => known.get(row) ?? []) });
    },
    decided(which) {
      const gone = new Set(which);
      store.setState(({ doubts }) => ({ doubts: doubts?.filter((one) => !gone.has(one)) ?? null }));
    },
    walk() {
      const { doubts, order } = store.getState();
      const walked = [...(doubts ?? [])];
      return order === 'time'
        ? walked
        : walked.sort((a, b) => a.word.confidence - b.word.confidence);
    },
  };
}

/** The next number: the end of a range that has this one. */
const nextAfter = (value: number) => value + Math.max(1, Math.abs(value)) * Number.EPSILON * 2;

/** Whether a word is marked. */
function isDoubtful({ confidence }: Word): boolean {
  return confidence < UNSURE_BELOW;
}
