import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core';
import { applyEdit, type Edit, hasEffect } from './edit';
import { type EditPatch, inverted, patched, type Row, type RowRef } from './rows';
import type { Speaker } from './types';

/** Rows of words that last 200 ms each, with half a second between rows. */
function rowsOf(...texts: string[]): Row[] {
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

const ref = ({ index, id, startMs, endMs }: Row): RowRef => ({ index, id, startMs, endMs });

function run(rows: readonly Row[], edit: Edit, speakers: Speaker[] = []): Row[] {
  const patch = applyEdit(edit, rows, speakers, true);
  if (!patch) throw new Error('A row was not found.');
  return patched(rows, patch);
}

const textEdit = (row: Row, text: string, seen = row.text): Edit => ({
  kind: 'text',
  changes: [{ row: ref(row), seen, text }],
});

function at<T>(list: readonly T[], index: number): T {
  const one = list.at(index);
  if (one === undefined) throw new Error(`Nothing at ${index}.`);
  return one;
}

/** What every list of rows must hold. */
function expectWhole(rows: readonly Row[]): void {
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

describe('changing the text of a row', () => {
  it('keeps the times of words that were not touched', () => {
    const rows = rowsOf('most of the boats had come');
    const [row] = run(rows, textEdit(at(rows, 0), 'Most of the big boats had come home'));
    expect(row?.words.map(({ text, startMs }) => [text, startMs])).toMatchObject([
      ['Most', 0],
      ['of', 200],
      ['the', 400],
      ['big', expect.any(Number)],
      ['boats', expect.any(Number)],
      ['had', 800],
      ['come', expect.any(Number)],
      ['home', expect.any(Number)],
    ]);
    expect(row?.edited).toBe(true);
  });

  it('gives a word that replaces another its time, and is sure of it', () => {
    const rows = rowsOf('most of the boats');
    const [row] = run(rows, textEdit(at(rows, 0), 'most of the goats'));
    expect(row?.words[3]).toEqual({ text: 'goats', startMs: 600, endMs: 800, confidence: 1 });
    expect(row?.words[2]?.confidence).toBe(0.4);
  });

  it('removes a row that has no words left', () => {
    const rows = rowsOf('one', 'two', 'three');
    expect(run(rows, textEdit(at(rows, 1), '  ')).map(({ text }) => text)).toEqual([
      'one',
      'three',
    ]);
  });

  it('keeps what another tab has written into the row meanwhile', () => {
    const rows = rowsOf('the cat sat on the mat');
    const seen = at(rows, 0);
    const other = run(rows, textEdit(seen, 'the black cat sat on the mat'));
    const both = run(other, textEdit(seen, 'the cat sat on the red mat'));
    expect(at(both, 0).text).toBe('the black cat sat on the red mat');
  });

  it('finds its words in a row that another tab has divided or joined', () => {
    const rows = rowsOf('the cat sat on the mat', 'and slept');
    const seen = at(rows, 0);
    const divided = run(rows, {
      kind: 'split',
      row: ref(seen),
      seen: seen.text,
      offset: 12,
      atMs: 600,
      newId: 'new',
    });
    expect(divided.map(({ text }) => text)).toEqual(['the cat sat', 'on the mat', 'and slept']);
    const joined = run(rows, { kind: 'merge', row: ref(at(rows, 1)) });
    expect(run(joined, textEdit(at(rows, 1), 'and slept well')).map(({ text }) => text)).toEqual([
      'the cat sat on the mat and slept well',
    ]);
  });

  it('refuses more words than there are milliseconds', () => {
    const rows = rowsOf('one');
    expect(() => run(rows, textEdit(at(rows, 0), 'a '.repeat(300)))).toThrow('300 words in 200 ms');
  });
});

describe('dividing and joining rows', () => {
  it('cuts a word that the caret is in', () => {
    const rows = rowsOf('one two', 'three');
    const row = at(rows, 0);
    const split: Edit = {
      kind: 'split',
      row: ref(row),
      seen: row.text,
      offset: 5,
      atMs: 0,
      newId: 'n',
    };
    const parts = run(rows, split);
    expect(parts.map(({ text, id }) => [text, id])).toEqual([
      ['one t', 'seg-0'],
      ['wo', 'n'],
      ['three', 'seg-1'],
    ]);
    expectWhole(parts);
  });

  it('does nothing at the beginning or the end of a row', () => {
    const rows = rowsOf('one two');
    const row = at(rows, 0);
    for (const offset of [0, 7]) {
      const edit: Edit = {
        kind: 'split',
        row: ref(row),
        seen: row.text,
        offset,
        atMs: 0,
        newId: 'n',
      };
      const patch = applyEdit(edit, rows, [], true);
      expect(patch && hasEffect(patch)).toBe(false);
    }
  });

  it('divides one row a hundred times from its beginning to its end', () => {
    const words = Array.from({ length: 101 }, (_, number) => `w${number}`);
    let rows = rowsOf(words.join(' '), 'end');
    for (let number = 0; number < 100; number++) {
      const row = at(rows, -2);
      const offset = row.text.indexOf(' ');
      rows = run(rows, {
        kind: 'split',
        row: ref(row),
        seen: row.text,
        offset,
        atMs: 0,
        newId: `n${number}`,
      });
    }
    expect(rows.map(({ text }) => text)).toEqual([...words, 'end']);
    expectWhole(rows);
  });

  it('moves the border between two rows by words, and leaves a word in each', () => {
    const rows = rowsOf('one two', 'three four');
    const border = (atMs: number): Edit => ({ kind: 'border', row: ref(at(rows, 1)), atMs });
    expect(run(rows, border(1000)).map(({ text }) => text)).toEqual(['one two three', 'four']);
    expect(run(rows, border(0)).map(({ text }) => text)).toEqual(['one', 'two three four']);
    expect(run(rows, border(9000)).map(({ text }) => text)).toEqual(['one two three', 'four']);
  });
});

describe('speakers', () => {
  const speakers = [
    { id: 'a', name: 'Ada' },
    { id: 'b', name: 'Ben' },
  ];

  it('changes the speaker of rows without touching their words', () => {
    const rows = rowsOf('one', 'two');
    const edit: Edit = { kind: 'speaker', rows: [ref(at(rows, 1))], speakerId: 'a', speakers };
    const patch = applyEdit(edit, rows, [], true);
    expect(patch).toMatchObject({
      removed: [],
      added: [],
      relabelled: [{ id: 'seg-1', before: null, after: 'a' }],
      speakers: { before: [], after: speakers },
    });
  });

  it('divides a row where another speaker begins', () => {
    const rows = rowsOf('how are you fine thanks', 'good');
    const runs = [
      { words: 3, speakerId: 'a', newId: 'x' },
      { words: 2, speakerId: 'b', newId: 'y' },
    ];
    const labelled = run(rows, {
      kind: 'label',
      speakers,
      rows: [{ row: ref(at(rows, 0)), runs }],
    });
    expect(labelled.map(({ text, speakerId }) => [text, speakerId])).toEqual([
      ['how are you', 'a'],
      ['fine thanks', 'b'],
      ['good', null],
    ]);
  });
});

it('restores what was recognised, and leaves what stands beside it', () => {
  const rows = rowsOf('one two', 'three four', 'five six');
  const merged = run(run(rows, { kind: 'merge', row: ref(at(rows, 1)) }), {
    kind: 'merge',
    row: ref(at(rows, 2)),
  });
  const { index: _, ...segment } = at(rows, 1);
  const changed = run(merged, textEdit(at(merged, 0), 'One two 3 4 five six'));
  const segments = [{ ...segment, id: 'back' }];
  const restored = run(changed, { kind: 'restore', segments, newId: 'rest' });
  expect(restored.map(({ id, text }) => [id, text])).toEqual([
    ['seg-0', 'One two'],
    ['back', 'three four'],
    ['rest', 'five six'],
  ]);
  expectWhole(restored);
});

it('lays a pasted text over the words that were there', () => {
  const rows = rowsOf('most of the boats had', 'already come home');
  const pasted = run(rows, {
    kind: 'paste',
    rows: rows.map(ref),
    paragraphs: [
      { text: 'Most of the boats', newId: 'p1' },
      { text: 'had already come home.', newId: 'p2', speakerId: 'a' },
    ],
  });
  expectWhole(pasted);
  expect(pasted.map(({ text, speakerId }) => [text, speakerId])).toEqual([
    ['Most of the boats', null],
    ['had already come home.', 'a'],
  ]);
  expect(at(pasted, 1).words.at(-1)).toMatchObject({ text: 'home.', startMs: 1900, endMs: 2100 });
});

const word = fc.constantFrom(
  'sea',
  'boat,',
  'The',
  'a',
  'home.',
  '船',
  'こんにちは。',
  'naïve',
  '…',
  'x',
);
const anyText = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));

/** An edit of some rows: what is pressed is chosen by numbers, since the rows are not known yet. */
const anyStep = fc.record({
  kind: fc.constantFrom(
    'text',
    'split',
    'merge',
    'delete',
    'border',
    'speaker',
    'paste',
    'restore',
  ),
  which: fc.nat(),
  place: fc.nat(),
  text: anyText,
});

function editOf(
  step: { kind: string; which: number; place: number; text: string },
  rows: readonly Row[],
  number: number,
): Edit | null {
  if (rows.length === 0) return null;
  const row = at(rows, step.which % rows.length);
  const newId = `n${number}`;
  switch (step.kind) {
    case 'text':
      return textEdit(row, step.text);
    case 'split': {
      const offset = step.place % (row.text.length + 1);
      return { kind: 'split', row: ref(row), seen: row.text, offset, atMs: row.startMs, newId };
    }
    case 'merge':
      return { kind: 'merge', row: ref(row) };
    case 'delete':
      return { kind: 'delete', rows: [ref(row)] };
    case 'border':
      return { kind: 'border', row: ref(row), atMs: step.place % 5000 };
    case 'speaker':
      return { kind: 'speaker', rows: [ref(row)], speakerId: step.place % 2 === 0 ? 'a' : null };
    case 'paste':
      return { kind: 'paste', rows: [ref(row)], paragraphs: [{ text: step.text, newId }] };
    default: {
      const { index: _, ...segment } = row;
      return { kind: 'restore', segments: [{ ...segment, id: newId }], newId: `${newId}-rest` };
    }
  }
}

/** Applies an edit where there is room for it. */
function tried(edit: Edit | null, rows: readonly Row[]): EditPatch | null {
  if (!edit) return null;
  try {
    return applyEdit(edit, rows, [], true);
  } catch (error) {
    expect(String(error)).toMatch(/words in|No row fits/);
    return null;
  }
}

describe('any sequence of edits', () => {
  it('leaves rows whole, and taking them back gives the rows before', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 1, maxLength: 5 }),
        fc.array(anyStep, { maxLength: 30 }),
        (texts, steps) => {
          const before = rowsOf(...texts.map((text) => text.split(/\s+/).join(' ')));
          // texts are words joined from the start
          let rows: Row[] = before.map((row) => ({
            ...row,
            text: joinWords(row.words.map(({ text }) => text)),
          }));
          const start = rows;
          const patches: EditPatch[] = [];
          steps.forEach((step, number) => {
            const patch = tried(editOf(step, rows, number), rows);
            if (!patch) return;
            patches.push(patch);
            rows = patched(rows, patch);
            expectWhole(rows);
          });
          const end = rows;
          for (const patch of patches.toReversed()) rows = patched(rows, inverted(patch));
          expect(rows).toEqual(start);
          for (const patch of patches) rows = patched(rows, patch);
          expect(rows).toEqual(end);
        },
      ),
    );
  });

  it('of two tabs that see each other’s late leaves rows whole', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { minLength: 1, maxLength: 4 }),
        fc.array(anyStep, { maxLength: 12 }),
        (texts, steps) => {
          const seen = run(rowsOf(...texts), { kind: 'delete', rows: [] });
          // every edit was made on the rows as they were at the start
          let rows = seen;
          steps.forEach((step, number) => {
            const patch = tried(editOf(step, seen, number), rows);
            if (patch) rows = patched(rows, patch);
            expectWhole(
              rows.map((row) => ({ ...row, text: joinWords(row.words.map(({ text }) => text)) })),
            );
          });
        },
      ),
    );
  });
});
