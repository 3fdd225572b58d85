import { describe, expect, it } from 'vitest';
import { commandOf, DEFAULT_SHORTCUTS, isForTyping, keyName, speakerKey } from './shortcut-list';

const press = (key: string, held: string[] = [], code = '') =>
  keyName({
    key,
    code,
    ctrlKey: held.includes('Ctrl'),
    metaKey: held.includes('Meta'),
    altKey: held.includes('Alt'),
    shiftKey: held.includes('Shift'),
  });

describe('keyName', () => {
  it('names a key by what it types', () => {
    expect(press('/')).toBe('/');
    expect(press('?', ['Shift'])).toBe('?');
    expect(press(' ')).toBe('Space');
    expect(press('F1')).toBe('F1');
  });

  it('names it by its place with Alt, which types other signs', () => {
    expect(press('º', ['Alt'], 'Digit1')).toBe('Alt+Digit1');
    expect(press('⁄', ['Alt', 'Shift'], 'Digit1')).toBe('Alt+Shift+Digit1');
  });

  it('takes the command key of a Mac for Ctrl', () => {
    expect(press('Z', ['Meta', 'Shift'])).toBe('Ctrl+Shift+z');
  });
});

it('gives every key one command', () => {
  const keys = Object.values(DEFAULT_SHORTCUTS).flat();
  expect(new Set(keys).size).toBe(keys.length);
  expect(commandOf('F2', DEFAULT_SHORTCUTS)).toBe('forward');
  expect(commandOf('F12', DEFAULT_SHORTCUTS)).toBeUndefined();
});

it('leaves keys to those who type', () => {
  expect(['a', '/', 'Space', 'ArrowLeft', 'Shift+Enter'].filter(isForTyping)).toHaveLength(5);
  expect(['F1', 'Escape', 'Alt+KeyJ', 'Ctrl+z'].filter(isForTyping)).toEqual([]);
});

it('knows the keys of speakers', () => {
  expect(speakerKey('Alt+Digit3')).toEqual({ number: 3, isOnwards: false });
  expect(speakerKey('Alt+Shift+Numpad9')).toEqual({ number: 9, isOnwards: true });
  expect(speakerKey('Alt+Digit0')).toBeNull();
});
