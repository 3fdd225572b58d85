import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Edit, EditKind } from '@/lib/transcript';
import { stubLocalStorage } from './test-libraries';
import { dropAllKept } from './unsaved';
import { keepStep, keptSteps, newToken, type Step } from './unsaved-steps';

beforeEach(() => void stubLocalStorage());
afterEach(() => {
  vi.unstubAllGlobals();
});

const row = { index: 0.5, id: 'r', startMs: 0, endMs: 900 };
const speakers = [{ id: 's1', name: 'Ada' }];
const word = { text: 'one', startMs: 0, endMs: 900, confidence: 0.4, alternatives: ['won'] };
const segment = { id: 'r', startMs: 0, endMs: 900, speakerId: null, text: 'one', edited: true };

/** One of each kind. */
const EDITS: { [Kind in EditKind]: Extract<Edit, { kind: Kind }> } = {
  text: { kind: 'text', changes: [{ row, seen: 'one', text: 'won' }] },
  split: { kind: 'split', row, seen: 'one', offset: 1, atMs: 300, newId: 'n' },
  merge: { kind: 'merge', row },
  delete: { kind: 'delete', rows: [row] },
  border: { kind: 'border', row, atMs: 300 },
  speaker: { kind: 'speaker', rows: [row], speakerId: 's1', speakers },
  speakers: { kind: 'speakers', speakers },
  confirm: { kind: 'confirm', rows: [{ row, startMs: [0] }] },
  label: {
    kind: 'label',
    speakers,
    rows: [{ row, runs: [{ words: 1, speakerId: null, newId: 'n' }] }],
  },
  restore: { kind: 'restore', segments: [{ ...segment, words: [word] }], newId: 'n' },
  paste: {
    kind: 'paste',
    rows: [row],
    paragraphs: [
      { text: 'one', newId: 'n' },
      { text: 'two', newId: 'm', speakerId: null },
    ],
  },
};

it('keeps every kind of edit and of step as it is, in order', () => {
  const steps: Step[] = [
    ...Object.values(EDITS).map((edit) => ({ kind: 'edit' as const, edit })),
    { kind: 'edit', edit: EDITS.text, burst: 'b' },
    { kind: 'undo' },
    { kind: 'redo' },
  ];
  for (const step of steps) expect(keepStep('a1', newToken(), step)).toBe(true);
  expect(keptSteps('a1').map(({ step }) => step)).toEqual(steps);
  expect(keptSteps('a2')).toEqual([]);
});

it('takes over the texts that an earlier build kept, once', () => {
  localStorage.setItem('ai2text:unsaved:ai2text:a1', JSON.stringify([EDITS.text, EDITS.text]));
  const step = { kind: 'edit', edit: EDITS.text };
  for (let look = 0; look < 2; look++)
    expect(keptSteps('a1').map((kept) => kept.step)).toEqual([step, step]);
  expect(Object.keys(localStorage)).not.toContain('ai2text:unsaved:ai2text:a1');
  localStorage.setItem('ai2text:unsaved:ai2text:a2', '[{"kind":"text"}]');
  const warned = vi.spyOn(console, 'warn').mockReturnValue();
  expect(keptSteps('a2')).toEqual([]);
  expect(warned).toHaveBeenCalledOnce();
});

it('drops what was kept of one library, and leaves what was kept of others', () => {
  const account = '0f8b2c1e-6a53-4b7e-9c1d-2f4a5b6c7d8e';
  localStorage.setItem(`ai2text:unsaved:ai2text:${account}:a1:t`, '{"kind":"undo"}');
  keepStep('a1', newToken(), { kind: 'undo' });
  localStorage.setItem('ai2text:unsaved:ai2text:a2', '[]');
  dropAllKept(null);
  expect(Object.keys(localStorage)).toEqual([`ai2text:unsaved:ai2text:${account}:a1:t`]);
  dropAllKept(account);
  expect(Object.keys(localStorage)).toEqual([]);
});
