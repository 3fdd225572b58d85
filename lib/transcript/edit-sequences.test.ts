import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWords } from '@/lib/core';
import { applyEdit, type Edit } from './edit';
import { type EditPatch, inverted, patched, type Row } from './rows';
import { at, expectWhole, ref, rowsOf, run, textEdit } from './test-rows';

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
