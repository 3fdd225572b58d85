import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SegmentRecord } from '@/lib/client/store';
import { joinWords, yieldToEventLoop } from '@/lib/core';
import { foldedWord, UNSURE_BELOW, type Word } from '@/lib/transcript';
import type { Tools } from '../context';
import type { ReaderState } from '../reader-state';
import type { TranscriptSource } from '../transcript-source';
import { makeEdit, rowRef } from './commands';

/** Whether a review is at a word. */
export const isAt = (review: ReaderState['review'], { rowId, word }: Doubt): boolean =>
  review?.rowId === rowId && review.startMs === word.startMs;

/** Goes to the next doubtful word (1) or the previous one (-1), wrapping around; starts with the first. */
export function stepReview({ reader, doubts }: Tools, by: -1 | 1): void {
  const walked = doubts.walk();
  const at = walked.findIndex((doubt) => isAt(reader.getState().review, doubt));
  const next = walked[at < 0 ? 0 : (at + by + walked.length) % walked.length];
  reader.setState({ review: next ? { rowId: next.rowId, startMs: next.word.startMs } : null });
}

/** Every doubtful word with the same spelling as this one. */
export function wordsLike({ doubts }: Tools, doubt: Doubt): Doubt[] {
  const wanted = foldedWord(doubt.word.text);
  return doubts.walk().filter(({ word }) => foldedWord(word.text) === wanted);
}

/**
 * Replaces doubtful words with what was said, and goes to the next one that is not among them.
 * @param which the word under review, and others of the same spelling, which keep their punctuation
 * @param text what was said; the word under review, unchanged: all of them are right; empty: nothing was said
 */
export async function resolveDoubts(
  tools: Tools,
  which: readonly Doubt[],
  text: string,
): Promise<void> {
  const { editor, source, reader, doubts } = tools;
  if (!editor) return;
  const walked = doubts.walk();
  const at = walked.findIndex((doubt) => isAt(reader.getState().review, doubt));
  const left = [...walked.slice(at + 1), ...walked.slice(0, Math.max(0, at))];
  const next = left.find((doubt) => !which.includes(doubt));
  const reviewed = walked[at];
  const wanted = text.replace(/\s+/g, ' ').trim();
  const said = (doubt: Doubt) => {
    if (wanted === reviewed?.word.text) return doubt.word.text;
    return reviewed && doubt !== reviewed
      ? inPlaceOf(doubt.word.text, wanted, reviewed.word.text)
      : wanted;
  };
  const rows = new Map(editor.rows().map((row) => [row.id, row]));
  const byRow = (some: readonly Doubt[]) => {
    const found = new Map<SegmentRecord, Doubt[]>();
    for (const doubt of some) {
      const row = rows.get(doubt.rowId);
      if (row) found.set(row, [...(found.get(row) ?? []), doubt]);
    }
    return [...found];
  };
  const right = which.filter((doubt) => said(doubt) === doubt.word.text);
  const wrong = which.filter((doubt) => !right.includes(doubt));
  const changes = [];
  for (const [row, own] of byRow(wrong)) {
    const words =
      editor.wordsOf(row.index) ??
      (await source.readWords(row.index, row.index + 1)).get(row.index);
    if (!words) continue;
    const texts = new Map(own.map((doubt) => [doubt.word.startMs, said(doubt)]));
    const changed = joinWords(
      words.map((word) => texts.get(word.startMs) ?? word.text).filter((one) => one !== ''),
    );
    changes.push({ row: rowRef(row), seen: row.text, text: changed });
  }
  if (right.length > 0)
    makeEdit(editor, {
      kind: 'confirm',
      rows: byRow(right).map(([row, own]) => ({
        row: rowRef(row),
        startMs: own.map(({ word }) => word.startMs),
      })),
    });
  if (changes.length > 0) makeEdit(editor, { kind: 'text', changes });
  doubts.decided(which);
  reader.setState({ review: next ? { rowId: next.rowId, startMs: next.word.startMs } : null });
}

const EDGES = /^([\p{P}\p{S}]*)(.*?)([\p{P}\p{S}]*)$/su;

/** The replacement for another word of the same spelling, with that word's own punctuation. */
function inPlaceOf(word: string, wanted: string, like: string): string {
  const [, before = '', core = '', after = ''] = EDGES.exec(word) ?? [];
  if (core === '' || wanted === '') return wanted;
  // punctuation that the reviewed word did not have belongs to the new text, as in "C++"
  const [, opening = '', , closing = ''] = EDGES.exec(like) ?? [];
  let said = wanted.startsWith(opening) ? wanted.slice(opening.length) : wanted;
  if (closing !== '' && said.endsWith(closing)) said = said.slice(0, -closing.length);
  return before + said + (said.endsWith(after) ? '' : after);
}

/** A word that the recogniser was unsure of. */
export interface Doubt {
  rowId: string;
  word: Word;
}

/** In which order doubtful words are walked. */
export type DoubtOrder = 'confidence' | 'time';

export interface DoubtState {
  /** In the order of the text; `null` until all words have been checked. */
  doubts: readonly Doubt[] | null;
  order: DoubtOrder;
}

/** The doubtful words of a transcript. */
export interface Doubts {
  store: StoreApi<DoubtState>;
  /** Checks rows that are new or have changed; an earlier call in progress is abandoned. */
  look(rows: readonly SegmentRecord[]): Promise<void>;
  /** In the order in which they are walked. */
  walk(): Doubt[];
  /** Removes words that were decided on, without waiting for their rows to be checked again. */
  decided(which: readonly Doubt[]): void;
}

/** Rows whose words are read in one step: it takes a few milliseconds, so that the page stays responsive. */
const ROWS_AT_ONCE = 100;

/** Finds the doubtful words of a transcript. */
export function createDoubts({ readWords }: Pick<TranscriptSource, 'readWords'>): Doubts {
  const store = createStore<DoubtState>(() => ({ doubts: null, order: 'confidence' }));
  /** The doubts of each row; an edited row is a new object. */
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
