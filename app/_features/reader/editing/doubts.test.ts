import { describe, expect, it, vi } from 'vitest';
import type { SegmentRecord } from '@/lib/client/store';
import type { Edit, Word } from '@/lib/transcript';
import type { Tools } from '../context';
import { createReaderState } from '../reader-state';
import { createDoubts, resolveDoubts, wordsLike } from './doubts';

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

it('abandons a check in progress when the rows change', async () => {
  const many = rowsOf(Array.from({ length: 250 }, () => [0.4]));
  const doubts = createDoubts({ readWords: readFrom(many.words) });
  const first = doubts.look(many.rows);
  const second = doubts.look(many.rows.slice(0, 1));
  await Promise.all([first, second]);
  expect(doubts.walk()).toHaveLength(1);
});

describe('words that are decided together', () => {
  /** Reviews the first of some doubtful words, each in a row of its own, and decides all that are like it. */
  async function decide(texts: string[], wanted: string): Promise<Edit[]> {
    const { rows, words } = rowsOf(texts.map((_, at) => [0.1 + at / 100, 1]));
    for (const [at, text] of texts.entries()) {
      const [doubtful, sure] = words.get(at) ?? [];
      if (doubtful && sure)
        words.set(at, [
          { ...doubtful, text },
          { ...sure, text: 'spoke' },
        ]);
    }
    const readWords = readFrom(words);
    const doubts = createDoubts({ readWords });
    await doubts.look(rows);
    const edits: Edit[] = [];
    const editor = {
      rows: () => rows,
      wordsOf: (index: number) => words.get(index),
      edit: (edit: Edit) => {
        edits.push(edit);
        return null;
      },
    };
    const reader = createReaderState();
    reader.setState({ review: { rowId: 'r0', startMs: 0 } });
    // the rest of a reader is not asked
    const tools = { doubts, reader, editor, source: { readWords } } as unknown as Tools;
    const [first] = doubts.walk();
    if (!first) throw new Error('a doubt');
    await resolveDoubts(tools, wordsLike(tools, first), wanted);
    return edits;
  }
  const textsOf = (edits: Edit[]) =>
    edits.flatMap((edit) => (edit.kind === 'text' ? edit.changes.map(({ text }) => text) : []));
  const confirmed = (edits: Edit[]) =>
    edits.flatMap((edit) => (edit.kind === 'confirm' ? edit.rows.map(({ row }) => row.id) : []));

  it('are all right if the one under review is', async () => {
    const edits = await decide(['Schmidt', 'Schmidt,', 'schmidt.', 'Other'], 'Schmidt');
    expect(textsOf(edits)).toEqual([]);
    expect(confirmed(edits)).toEqual(['r0', 'r1', 'r2']);
  });

  it.each([
    ['Schmid', 'Schmidt', ['Schmidt spoke', '“Schmidt,” spoke', 'Schmidt. spoke']],
    ['Schmid,', 'Schmidt,', ['Schmidt, spoke', '“Schmidt,” spoke', 'Schmidt. spoke']],
    ['Schmid,', 'C++', ['C++ spoke', '“C++,” spoke', 'C++. spoke']],
    ['Schmid', 'Dr.', ['Dr. spoke', '“Dr.,” spoke', 'Dr. spoke']],
    ['Schmid', '', ['spoke', 'spoke', 'spoke']],
  ])('keep their own punctuation: %s becomes %s', async (first, wanted, texts) => {
    expect(textsOf(await decide([first, '“Schmid,”', 'Schmid.'], wanted))).toEqual(texts);
  });

  it('are right where only the one under review was not', async () => {
    const edits = await decide(['schmidt', 'Schmidt.'], 'Schmidt');
    expect([textsOf(edits), confirmed(edits)]).toEqual([['Schmidt spoke'], ['r1']]);
  });
});
