import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinWords } from '@/lib/core';
import { applyEdit, type Edit, patched, type Row, type TranscriptSegment } from '@/lib/transcript';
import { rebase } from './rebase';

/** Segments with a word every `stepMs`, named after what recognised them. */
function recognise(
  model: string,
  lengthsMs: readonly number[],
  stepMs: number,
): TranscriptSegment[] {
  let startMs = 0;
  return lengthsMs.map((lengthMs, number) => {
    const count = Math.max(1, Math.floor(lengthMs / stepMs));
    const words = Array.from({ length: count }, (_, at) => ({
      text: `${model}${number}.${at}`,
      startMs: startMs + at * stepMs,
      endMs: startMs + (at + 1) * stepMs - 10,
      confidence: 0.5,
    }));
    const segment = {
      id: `seg-${number}`,
      startMs,
      endMs: startMs + count * stepMs,
      speakerId: null,
      text: joinWords(words.map(({ text }) => text)),
      edited: false,
      words,
    };
    startMs += count * stepMs + 50;
    return segment;
  });
}

const rowsOf = (segments: readonly TranscriptSegment[]): Row[] =>
  segments.map((segment, index) => ({ ...segment, index }));

/** Edits some rows as the store does, with what was recognised kept beside. */
function edited(start: readonly Row[], steps: readonly { kind: string; which: number }[]) {
  let rows = [...start];
  const recognised = new Map<number, Row>();
  steps.forEach(({ kind, which }, number) => {
    const row = rows[which % Math.max(1, rows.length)];
    if (!row) return;
    const edits: Record<string, Edit> = {
      text: { kind: 'text', changes: [{ row, seen: row.text, text: `${row.text} MINE${number}` }] },
      split: {
        kind: 'split',
        row,
        seen: row.text,
        offset: row.text.indexOf(' '),
        atMs: 0,
        newId: `n${number}`,
      },
      merge: { kind: 'merge', row },
      delete: { kind: 'delete', rows: [row] },
    };
    const edit = edits[kind];
    const patch = edit && applyEdit(edit, rows, [], true);
    if (!patch) return;
    for (const removed of patch.removed)
      if (Number.isInteger(removed.index) && !recognised.has(removed.index))
        recognised.set(removed.index, removed);
    rows = patched(rows, patch);
  });
  return { rows, recognised: [...recognised.values()].sort((a, b) => a.index - b.index) };
}

const lengths = fc.array(fc.integer({ min: 200, max: 3000 }), { minLength: 1, maxLength: 8 });

it('keeps every edited row, replaces the others, and leaves rows in order without overlap', () => {
  fc.assert(
    fc.property(
      lengths,
      lengths,
      fc.array(
        fc.record({ kind: fc.constantFrom('text', 'split', 'merge', 'delete'), which: fc.nat() }),
        { maxLength: 6 },
      ),
      fc.integer({ min: 1, max: 4 }),
      (first, second, steps, batches) => {
        let id = 0;
        const old = rowsOf(recognise('a', first, 200));
        let now = edited(old, steps);
        const touchedBefore = now.rows.filter(
          (row) =>
            !Number.isInteger(row.index) || now.recognised.some(({ index }) => index === row.index),
        );
        const segments = recognise('b', second, 170);
        let heldUntilMs = 0;
        const size = Math.ceil(segments.length / batches);
        for (let from = 0; from < segments.length; from += size) {
          const batch = segments.slice(from, from + size);
          const isLast = from + size >= segments.length;
          const untilMs = isLast ? Number.POSITIVE_INFINITY : (batch.at(-1)?.endMs ?? 0);
          const after = rebase(
            { index: from, segments: batch, untilMs, heldUntilMs },
            {
              rows: [
                ...now.rows.filter(({ index }) => index < from).slice(-1),
                ...now.rows.filter(({ index }) => index >= from),
              ],
              recognised: now.recognised.filter(({ index }) => index >= from),
            },
            () => `new-${id++}`,
          );
          ({ heldUntilMs } = after);
          now = {
            rows: [...now.rows.filter(({ index }) => index < from), ...after.rows],
            recognised: [
              ...now.recognised.filter(({ index }) => index < from),
              ...after.recognised,
            ],
          };
        }
        let lastMs = 0;
        let lastIndex = Number.NEGATIVE_INFINITY;
        for (const row of now.rows) {
          expect(row.index).toBeGreaterThan(lastIndex);
          expect(row.startMs).toBeGreaterThanOrEqual(lastMs);
          lastMs = row.endMs;
          lastIndex = row.index;
        }
        // what somebody typed is there, word for word
        for (const row of touchedBefore)
          expect(now.rows.find(({ id }) => id === row.id)).toMatchObject({
            text: row.text,
            words: row.words,
          });
        // nothing of the old recognition is left where nobody edited
        const untouched = now.rows.filter(({ id }) => !touchedBefore.some((row) => row.id === id));
        for (const row of untouched) expect(row.text).not.toMatch(/a\d/);
        // and all of the new one can be seen
        const base = new Map<number, string>();
        for (const row of now.rows) if (Number.isInteger(row.index)) base.set(row.index, row.text);
        for (const row of now.recognised) base.set(row.index, row.text);
        expect([...base].sort(([a], [b]) => a - b).map(([, text]) => text)).toEqual(
          segments.map(({ text }) => text),
        );
      },
    ),
  );
});

it('keeps the speaker that a replaced row was given', () => {
  const old = rowsOf(recognise('a', [1000, 1000], 200)).map((row) => ({ ...row, speakerId: 's1' }));
  const after = rebase(
    {
      index: 0,
      segments: recognise('b', [2000], 100),
      untilMs: Number.POSITIVE_INFINITY,
      heldUntilMs: 0,
    },
    { rows: old, recognised: [] },
    () => 'new',
  );
  expect(after.rows.map(({ speakerId }) => speakerId)).toEqual(['s1']);
});
