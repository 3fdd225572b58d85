import { expect } from 'vitest';
import { joinWords } from '@/lib/core';
import { applyEdit, type Edit } from './edit';
import { patched, type Row, type RowRef } from './rows';
import type { Speaker } from './types';

/** Rows of words that last 200 ms each, with half a second between rows. */
export function rowsOf(...texts: string[]): Row[] {
  let atMs = 0;
  return texts.map((text, index) => {
    const startMs = atMs;
    const words = text.split(' ').map((word) => {
      atMs += 200;
      return { text: word, startMs: atMs - 200, endMs: atMs, confidence: 0.4 };
    });
    const endMs = atMs;
    atMs += 500;
    return {
      index,
      id: `seg-${index}`,
      startMs,
      endMs,
      speakerId: null,
      text,
      edited: false,
      words,
    };
  });
}

/** How an edit names a row. */
export const ref = ({ index, id, startMs, endMs }: Row): RowRef => ({ index, id, startMs, endMs });

/** The rows after an edit. */
export function run(rows: readonly Row[], edit: Edit, speakers: Speaker[] = []): Row[] {
  const patch = applyEdit(edit, rows, speakers, true);
  if (!patch) throw new Error('A row was not found.');
  return patched(rows, patch);
}

/** The row's text replaced by another. @param seen what the editor had before it */
export const textEdit = (row: Row, text: string, seen = row.text): Edit => ({
  kind: 'text',
  changes: [{ row: ref(row), seen, text }],
});

/** The item there; negative from the end. */
export function at<T>(list: readonly T[], index: number): T {
  const one = list.at(index);
  if (one === undefined) throw new Error(`Nothing at ${index}.`);
  return one;
}

/** What every list of rows must hold. */
export function expectWhole(rows: readonly Row[]): void {
  let lastMs = 0;
  let lastIndex = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    expect(row.index).toBeGreaterThan(lastIndex);
    expect(row.startMs).toBeGreaterThanOrEqual(lastMs);
    expect(row.text).toBe(joinWords(row.words.map(({ text }) => text)));
    let wordMs = row.startMs;
    for (const word of row.words) {
      expect(word.startMs).toBeGreaterThanOrEqual(wordMs);
      expect(word.endMs).toBeGreaterThan(word.startMs);
      wordMs = word.endMs;
    }
    expect(wordMs).toBeLessThanOrEqual(row.endMs);
    lastMs = row.endMs;
    lastIndex = row.index;
  }
}
