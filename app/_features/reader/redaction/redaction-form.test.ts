import { describe, expect, it } from 'vitest';
import type { RedactionGroup } from '@/lib/transcript';
import { choicesOf, redactionsOf } from './redaction-form';

const group = (text: string, isLikely: boolean, kind: RedactionGroup['kind'] = 'name') => ({
  key: text,
  kind,
  text,
  phrases: [{ pieces: [text], isCapitalised: false }],
  isLikely,
  count: 1,
  context: null,
});

describe('what a redacted copy is made with', () => {
  it('begins with what is likely, numbered by kind, and takes roles that were typed', () => {
    const groups = [group('boat', false), group('anna', true), group('5', true, 'number')];
    const choices = choicesOf(groups, (kind, number) => `[${kind} ${number}]`);
    expect(redactionsOf(choices).map(({ role }) => role)).toEqual(['[name 1]', '[number 1]']);
    const typed = choices.map((choice) => ({ ...choice, isOn: true, role: ' [Place] ' }));
    expect(redactionsOf(typed).map(({ role }) => role)).toEqual(['[Place]', '[Place]', '[Place]']);
    expect(redactionsOf(typed)[2]?.phrases).toEqual([{ pieces: ['boat'], isCapitalised: false }]);
  });
});
