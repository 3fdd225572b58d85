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

/** The keys of every command. */
export type Shortcuts = Readonly<Record<ShortcutId, readonly string[]>>;

/** The keys of the commands for which the user has chosen others, as they are stored. */
export type ShortcutChanges = Readonly<Record<string, string[]>>;

/** Why a key cannot be given to a command. */
export type KeyProblem =
  | { kind: 'taken'; by: ShortcutId }
  /** It says who speaks. */
  | { kind: 'speakers' }
  /** It edits text, in every program. */
  | { kind: 'text' }
  /** It would write, and the command is needed by somebody who types. */
  | { kind: 'writes' };

/** Commands for somebody who types. */
const WHILE_TYPING: ReadonlySet<ShortcutId> = new Set([
  'playPause',
  'holdToPlay',
  'back',
  'forward',
  'slower',
  'faster',
  'undo',
  'redo',
  'nextDoubt',
  'previousDoubt',
  'mark',
  'borderBack',
  'borderForward',
]);

/** Keys that come with others, or are not keys. */
const NO_KEYS = /^(Control|Shift|Alt|AltGraph|Meta|OS|Fn\w*|\w+Lock|Dead|Process|Unidentified)$/;

const EDITS_TEXT = /^Ctrl\+(Shift\+)?[acvx]$/;

export const SHORTCUT_IDS = Object.keys(DEFAULT_SHORTCUTS) as ShortcutId[]; // the keys of a record of ids

/** Whether a key stands by itself: not one that is held down for another. */
export function isWholeKey({ key }: Pick<KeyboardEvent, 'key'>): boolean {
  return !NO_KEYS.test(key);
}

/** The keys of every command, with the user's own. */
export function shortcutsWith(changes: ShortcutChanges): Shortcuts {
  const all: Record<ShortcutId, readonly string[]> = { ...DEFAULT_SHORTCUTS };
  for (const id of SHORTCUT_IDS) all[id] = changes[id] ?? DEFAULT_SHORTCUTS[id];
  return all;
}

/**
 * What speaks against a key for a command.
 * @param besides the keys that the command keeps
 */
export function problemOf(
  name: string,
  id: ShortcutId,
  shortcuts: Shortcuts,
  besides: readonly string[],
): KeyProblem | null {
  if (speakerKey(name)) return { kind: 'speakers' };
  if (EDITS_TEXT.test(name)) return { kind: 'text' };
  if (WHILE_TYPING.has(id) && isForTyping(name)) {
    // the space bar and the arrows may stay beside a key that works for those who type
    const isOwn = DEFAULT_SHORTCUTS[id].includes(name);
    if (!isOwn || besides.every(isForTyping)) return { kind: 'writes' };
  }
  const by = commandOf(name, shortcuts);
  return by && by !== id ? { kind: 'taken', by } : null;
}

/** The changes with other keys for a command; whatever had one of them loses it. */
export function withKeys(
  changes: ShortcutChanges,
  id: ShortcutId,
  keys: readonly string[],
): ShortcutChanges {
  const before = shortcutsWith(changes);
  const after: Record<string, string[]> = {};
  for (const one of SHORTCUT_IDS) {
    const wanted =
      one === id ? [...new Set(keys)] : before[one].filter((key) => !keys.includes(key));
    const isDefault = wanted.join(' ') === DEFAULT_SHORTCUTS[one].join(' ');
    if (!isDefault) after[one] = wanted;
  }
  return after;
}

/** The changes without those of a command: its own keys come back to it from whatever had them. */
export function withDefault(changes: ShortcutChanges, id: ShortcutId): ShortcutChanges {
  return withKeys(changes, id, DEFAULT_SHORTCUTS[id]);
}
