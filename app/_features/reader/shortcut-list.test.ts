import { describe, expect, it } from 'vitest';
import {
  commandOf,
  DEFAULT_SHORTCUTS,
  isForTyping,
  isWholeKey,
  keyName,
  problemOf,
  shortcutsWith,
  speakerKey,
  withDefault,
  withKeys,
} from './shortcut-list';

const defaults = shortcutsWith({});

describe('the keys of commands', () => {
  it('are the defaults but for those that were changed', () => {
    const all = shortcutsWith({ mark: ['F8'], noLongerThere: ['F9'] });
    expect(all).toEqual({ ...DEFAULT_SHORTCUTS, mark: ['F8'] });
    expect(commandOf('Alt+KeyM', all)).toBeUndefined();
  });

  it('go over from one command to another, and come back', () => {
    const taken = withKeys({}, 'mark', ['F2']);
    expect(taken).toEqual({ mark: ['F2'], forward: ['ArrowRight', 'Alt+KeyL'] });
    const back = withDefault(taken, 'forward');
    expect(shortcutsWith(back).forward).toEqual(DEFAULT_SHORTCUTS.forward);
    expect(shortcutsWith(back).mark).toEqual([]);
    expect(withDefault(back, 'mark')).toEqual({});
  });
});

describe('a key for a command', () => {
  it('is refused when another command has it', () => {
    expect(problemOf('F2', 'mark', defaults, [])).toEqual({ kind: 'taken', by: 'forward' });
    expect(problemOf('F2', 'forward', defaults, [])).toBeNull();
    expect(problemOf('F8', 'mark', defaults, [])).toBeNull();
    expect(problemOf('MediaPlayPause', 'playPause', defaults, [])).toBeNull();
  });

  it('is refused when it would write while somebody types', () => {
    expect(problemOf('k', 'playPause', defaults, ['Escape'])).toEqual({ kind: 'writes' });
    expect(problemOf('k', 'find', defaults, [])).toBeNull();
    expect(problemOf('Space', 'playPause', defaults, ['Escape'])).toBeNull();
    expect(problemOf('Space', 'playPause', defaults, [])).toEqual({ kind: 'writes' });
  });

  it('is refused when it edits text or says who speaks', () => {
    expect(problemOf('Ctrl+c', 'mark', defaults, [])).toEqual({ kind: 'text' });
    expect(problemOf('Alt+Shift+Digit2', 'mark', defaults, [])).toEqual({ kind: 'speakers' });
  });

  it('is not one that is held down for another', () => {
    expect(
      ['Control', 'Shift', 'AltGraph', 'CapsLock', 'Dead'].some((key) => isWholeKey({ key })),
    ).toBe(false);
    expect(['a', 'F24', 'Escape', 'MediaTrackNext'].every((key) => isWholeKey({ key }))).toBe(true);
  });
});

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
