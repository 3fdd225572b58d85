import { expect, it, vi } from 'vitest';
import type { SegmentRecord } from '@/lib/client/store';
import type { Word } from '@/lib/transcript';
import { createDoubts } from './doubts';

function rowsOf(confidences: number[][]): { rows: SegmentRecord[]; words: Map<number, Word[]> } {
  const words = new Map<number, Word[]>();
  const rows = confidences.map((row, index): SegmentRecord => {
    words.set(
      index,
      row.map((confidence, at) => ({
        text: `w${index}.${at}`,
        startMs: index * 1000 + at * 100,
        endMs: index * 1000 + at * 100 + 90,
        confidence,
      })),
    );
    return {
      transcriptId: 't',
      id: `r${index}`,
      index,
      startMs: index * 1000,
      endMs: index * 1000 + 900,
      speakerId: null,
      text: '',
      edited: false,
    };
  });
  return { rows, words };
}

const readFrom = (words: Map<number, Word[]>) =>
  vi.fn(
    async (from: number, to: number) =>
      new Map([...words].filter(([index]) => index >= from && index < to)),
  );

it('finds doubtful words, and walks from the most doubtful or by time', async () => {
  const { rows, words } = rowsOf([[0.9, 0.4], [1, 0.1, 0.45], [0.8]]);
  const doubts = createDoubts({ readWords: readFrom(words) });
  await doubts.look(rows);
  expect(doubts.walk().map(({ word }) => word.confidence)).toEqual([0.1, 0.4, 0.45]);
  doubts.store.setState({ order: 'time' });
  expect(doubts.walk().map(({ word }) => word.text)).toEqual(['w0.1', 'w1.1', 'w1.2']);
});

it('reads only the rows that have changed', async () => {
  const { rows, words } = rowsOf([[0.4], [0.4], [0.4]]);
  const readWords = readFrom(words);
  const doubts = createDoubts({ readWords });
  await doubts.look(rows);
  readWords.mockClear();
  words.set(1, []);
  const [first, second, third] = rows;
  if (!first || !second || !third) throw new Error('three rows');
  await doubts.look([first, { ...second, text: 'typed' }, third]);
  expect(readWords.mock.calls.map(([from]) => from)).toEqual([1]);
  expect(doubts.walk().map(({ rowId }) => rowId)).toEqual(['r0', 'r2']);
});

it('gives up what it looked at when there are other rows', async () => {
  const many = rowsOf(Array.from({ length: 250 }, () => [0.4]));
  const doubts = createDoubts({ readWords: readFrom(many.words) });
  const first = doubts.look(many.rows);
  const second = doubts.look(many.rows.slice(0, 1));
  await Promise.all([first, second]);
  expect(doubts.walk()).toHaveLength(1);
});
