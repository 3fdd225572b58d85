import { expect, it } from 'vitest';
import { caretAfter } from './editable-text';

it('leaves the caret beside its characters when the text before or behind them changes', () => {
  const after = (before: string, next: string) =>
    next.slice(0, caretAfter(before.replace('|', ''), next, before.indexOf('|')));
  expect(after('one tw|', 'zero one tw')).toBe('zero one tw');
  expect(after('one tw|o three', 'zero one two three')).toBe('zero one tw');
  expect(after('one tw|', 'one tw and more')).toBe('one tw');
  expect(after('one two| three', 'three')).toBe('');
  expect(after('|one', 'zero one')).toBe('');
});
