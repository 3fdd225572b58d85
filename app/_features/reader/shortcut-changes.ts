import {
  commandOf,
  DEFAULT_SHORTCUTS,
  isForTyping,
  type ShortcutId,
  speakerKey,
} from './shortcut-list';

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
