import { describe, expect, it } from 'vitest';
import { isWholeKey, problemOf, shortcutsWith, withDefault, withKeys } from './shortcut-changes';
import { commandOf, DEFAULT_SHORTCUTS } from './shortcut-list';

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
