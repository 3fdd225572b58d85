import { expect, it } from 'vitest';
import { shownKey } from './shortcuts-dialog';

it('writes keys as an English keyboard has them, unless the layout is known', () => {
  const german = new Map([['BracketLeft', 'ü']]);
  expect(shownKey('Alt+BracketLeft', null)).toBe('Alt [');
  expect(shownKey('Alt+BracketLeft', german)).toBe('Alt Ü');
  expect(shownKey('Ctrl+Shift+z', german)).toBe('Ctrl Shift Z');
});

it('writes the plus sign and keys without a sign by their names', () => {
  expect(shownKey('+', null)).toBe('+');
  expect(shownKey('Ctrl++', null)).toBe('Ctrl +');
  expect(shownKey('Escape', null)).toBe('Esc');
  expect(shownKey('MediaPlayPause', null)).toBe('MediaPlayPause');
});
