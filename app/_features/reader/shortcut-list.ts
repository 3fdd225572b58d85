/** What keys can do in a reader. */
export type ShortcutId =
  | 'playPause'
  | 'holdToPlay'
  | 'back'
  | 'forward'
  | 'slower'
  | 'faster'
  | 'find'
  | 'replace'
  | 'edit'
  | 'undo'
  | 'redo'
  | 'nextDoubt'
  | 'previousDoubt'
  | 'mark'
  | 'borderBack'
  | 'borderForward'
  | 'help';

/**
 * Keys of each command, as `keyName` writes them. Those that type something work only where nobody types.
 * The conventions of transcription programs: Escape, F1 to F4, and Alt with J, K and L.
 */
export const DEFAULT_SHORTCUTS: Readonly<Record<ShortcutId, readonly string[]>> = {
  playPause: ['Space', 'Escape', 'Ctrl+Space'],
  // for a foot pedal that acts as a keyboard: which keys it has differs
  holdToPlay: [],
  back: ['ArrowLeft', 'F1', 'Alt+KeyJ'],
  forward: ['ArrowRight', 'F2', 'Alt+KeyL'],
  slower: ['<', 'F3'],
  faster: ['>', 'F4'],
  find: ['/', 'Ctrl+f'],
  replace: ['Ctrl+h'],
  edit: ['e'],
  undo: ['Ctrl+z'],
  redo: ['Ctrl+Shift+z', 'Ctrl+y'],
  nextDoubt: ['Alt+KeyN'],
  previousDoubt: ['Alt+KeyP'],
  mark: ['Alt+KeyM'],
  borderBack: ['Alt+BracketLeft'],
  borderForward: ['Alt+BracketRight'],
  help: ['?'],
};

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * The name of a key with what is held down: by its place on the keyboard with Alt, which types other signs
 * on many systems, and else by what it types. The command key of a Mac counts as Ctrl.
 */
export function keyName({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  const isSign = key.length === 1 && key !== ' ';
  const name = altKey ? code : key === ' ' ? 'Space' : isSign ? key.toLowerCase() : key;
  const isCtrl = ctrlKey || metaKey;
  // a sign is another one with Shift already
  const isShift = shiftKey && (isCtrl || altKey || !isSign);
  return `${isCtrl ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${isShift ? 'Shift+' : ''}${name}`;
}

/** Whether a key writes or moves in a text. */
export function isForTyping(name: string): boolean {
  return /^(Shift\+)?(.|Space|Enter|Tab|Backspace|Delete|Home|End|Page\w+|Arrow\w+)$/u.test(name);
}

/** The command of a key; undefined: it has none. */
export function commandOf(
  name: string,
  shortcuts: Readonly<Record<ShortcutId, readonly string[]>>,
): ShortcutId | undefined {
  const ids = Object.keys(shortcuts) as ShortcutId[]; // the keys of a record of ids
  return ids.find((id) => shortcuts[id].includes(name));
}

/** The number 1 to 9 of a speaker's key, and whether it means everything from here on. */
export function speakerKey(name: string): { number: number; isOnwards: boolean } | null {
  const [, shift, digit] = /^Alt\+(Shift\+)?(?:Digit|Numpad)([1-9])$/.exec(name) ?? [];
  return digit === undefined ? null : { number: Number(digit), isOnwards: shift !== undefined };
}
