'use client';

import { PencilLine, Plus, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, Dialog, IconButton } from '@/app/_features/ui';
import { usePlayback, useReader, useTools } from './context';
import { t } from './messages';
import { PedalSection } from './pedals/pedal-section';
import {
  isWholeKey,
  type KeyProblem,
  keyName,
  problemOf,
  type ShortcutChanges,
  type ShortcutId,
  shortcutsWith,
  withDefault,
  withKeys,
} from './shortcut-list';

/** What keys type, by their places; browsers that do not say have none. */
type KeyboardLayout = ReadonlyMap<string, string>;

/** Keys whose names are words of the language. */
const NAMED = ['Space', 'Escape', 'Ctrl', 'Alt', 'Shift'] as const;

/** Keys whose names are signs; those by place as an English keyboard has them. */
const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
};

/** A key as it is written on the keyboard. @param name as `keyName` writes it */
export function shownKey(name: string, layout: KeyboardLayout | null): string {
  return name
    .split(/\+(?=.)/)
    .map((part) => {
      const named = NAMED.find((one) => one === part);
      if (named) return t(`key.${named}`);
      const bare = layout?.get(part) ?? SIGNS[part] ?? part.replace(/^(Key|Digit)/, '');
      return bare.length === 1 ? bare.toUpperCase() : bare;
    })
    .join(' ');
}

/** The layout of the user's keyboard; `null` until it is known, or if the browser does not say. */
function useKeyboardLayout(): KeyboardLayout | null {
  const [layout, setLayout] = useState<KeyboardLayout | null>(null);
  useEffect(() => {
    // https://wicg.github.io/keyboard-map/, which TypeScript's library leaves out
    const { keyboard } = navigator as Navigator & {
      keyboard?: { getLayoutMap?(): Promise<KeyboardLayout> };
    };
    keyboard
      ?.getLayoutMap?.()
      .then(setLayout)
      // not allowed here: names of an English keyboard are shown
      .catch(() => undefined);
  }, []);
  return layout;
}

/** Keys as they are drawn. */
function Keys({ children }: { children: string }) {
  return (
    <kbd className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">
      {children}
    </kbd>
  );
}

/** Changes which keys there are, for this page and for the next visit. */
function useShortcutChanges(): [ShortcutChanges, (next: ShortcutChanges) => void] {
  const { source, reader } = useTools();
  const changes = useReader((state) => state.shortcutChanges);
  const set = (shortcutChanges: ShortcutChanges) => {
    reader.setState({ shortcutChanges });
    source.keep({ shortcuts: { ...shortcutChanges } });
  };
  return [changes, set];
}

/** One command with its keys, and the buttons that change these. */
function ShortcutRow({ id }: { id: ShortcutId }) {
  const [changes, setChanges] = useShortcutChanges();
  /** What is to become of the key that is pressed next; `null`: none is waited for. */
  const [waiting, setWaiting] = useState<'change' | 'add' | null>(null);
  const [refused, setRefused] = useState<{ name: string; problem: KeyProblem } | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const layout = useKeyboardLayout();
  const shortcuts = shortcutsWith(changes);
  const keys = shortcuts[id];
  const command = t(`shortcut.${id}`);
  /** The keys that stay beside a new one. */
  const kept = useRef<readonly string[]>([]);

  const start = (how: 'change' | 'add', button: HTMLElement) => {
    opener.current = button;
    kept.current = how === 'add' ? keys : [];
    setRefused(null);
    setWaiting(how);
  };
  const give = (name: string) => {
    setRefused(null);
    setChanges(withKeys(changes, id, [...kept.current, name]));
    opener.current?.focus();
  };
  const press = (name: string) => {
    const problem = problemOf(name, id, shortcuts, kept.current);
    if (problem) setRefused({ name, problem });
    else give(name);
  };

  const size = 'size-8!';
  return (
    <li className="text-sm">
      <div className="flex items-center gap-1">
        <div className="min-w-0 flex-1 space-y-1">
          <p id={`shortcut-${id}`}>{command}</p>
          {waiting ? (
            <button
              type="button"
              // biome-ignore lint/a11y/noAutofocus: it was asked for, and waits for a key
              autoFocus
              className="rounded-md border border-accent border-dashed bg-accent-soft px-2 py-0.5 text-xs"
              onBlur={() => setWaiting(null)}
              onKeyDown={(event) => {
                // Tab leads on, as everywhere
                if (event.key === 'Tab' || !isWholeKey(event)) return;
                event.preventDefault();
                press(keyName(event.nativeEvent));
              }}
            >
              {t('pressKeys')}
            </button>
          ) : (
            <p className="flex flex-wrap items-center gap-1">
              {keys.length === 0 && <span className="text-muted text-xs">{t('noKeys')}</span>}
              {keys.map((key) => (
                <Keys key={key}>{shownKey(key, layout)}</Keys>
              ))}
            </p>
          )}
        </div>
        {changes[id] && (
          <IconButton
            label={t('resetKeys', { command })}
            className={size}
            onClick={() => {
              setRefused(null);
              setChanges(withDefault(changes, id));
            }}
          >
            <RotateCcw aria-hidden size={16} />
          </IconButton>
        )}
        <IconButton
          label={t('addKeys', { command })}
          className={size}
          onClick={({ currentTarget }) => start('add', currentTarget)}
        >
          <Plus aria-hidden size={16} />
        </IconButton>
        <IconButton
          label={t('changeKeys', { command })}
          className={size}
          onClick={({ currentTarget }) => start('change', currentTarget)}
        >
          <PencilLine aria-hidden size={16} />
        </IconButton>
      </div>
      {refused && (
        <div role="alert" className="mt-1 space-y-2 rounded-lg bg-warn-soft p-2">
          <p>{sentenceOf(refused, layout)}</p>
          {refused.problem.kind === 'taken' && (
            <Button onClick={() => give(refused.name)}>{t('useHere')}</Button>
          )}
        </div>
      )}
    </li>
  );
}

function sentenceOf(
  { name, problem }: { name: string; problem: KeyProblem },
  layout: KeyboardLayout | null,
): string {
  const keys = shownKey(name, layout);
  return problem.kind === 'taken'
    ? t('keys.taken', { keys, command: t(`shortcut.${problem.by}`) })
    : t(`keys.${problem.kind}`, { keys });
}

const READING: readonly ShortcutId[] = [
  'playPause',
  'holdToPlay',
  'back',
  'forward',
  'slower',
  'faster',
  'find',
  'help',
];
const EDITING: readonly ShortcutId[] = [
  'edit',
  'undo',
  'redo',
  'replace',
  'nextDoubt',
  'previousDoubt',
  'borderBack',
  'borderForward',
];

/** All keys, with what changes them. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { editor, playback, source } = useTools();
  const slows = usePlayback((state) => state.slowsForTyping);
  const [changes, setChanges] = useShortcutChanges();
  const moving: [string, string][] = [
    [`${t('key.Shift')} ← →`, t('selectPart')],
    ['+ −', t('zoomPart')],
    [t('wordToWord.keys'), t('wordToWord')],
    [t('playFromThere.keys'), t('playFromThere')],
  ];
  const inText: [string, string][] = [
    [t('splitRow.keys'), t('splitRow')],
    [t('mergeRow.keys'), t('mergeRow')],
    [t('selectRows.keys'), t('selectRows')],
    [`${t('key.Alt')} 1 – 9`, t('speakerHere')],
    [`${t('key.Alt')} ${t('key.Shift')} 1 – 9`, t('speakerOnwards')],
  ];
  return (
    <Dialog title={t('keyboardShortcuts')} onClose={onClose}>
      <Commands ids={editor ? [...READING, 'mark'] : READING} />
      <FixedKeys rows={moving} />
      {editor && (
        <>
          <h3 className="mt-6 mb-3 font-medium text-sm">{t('whileEditing')}</h3>
          <Commands ids={EDITING} />
          <FixedKeys rows={inText} />
          <label className="mt-4 flex min-h-10 items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={slows}
              onChange={({ target }) => {
                playback.setSlowsForTyping(target.checked);
                source.keep({ slowWhileTyping: target.checked });
              }}
            />
            {t('slowWhileTyping')}
          </label>
        </>
      )}
      <PedalSection />
      {Object.keys(changes).length > 0 && (
        <Button className="mt-4" onClick={() => setChanges({})}>
          {t('resetAllKeys')}
        </Button>
      )}
    </Dialog>
  );
}

function Commands({ ids }: { ids: readonly ShortcutId[] }) {
  return (
    <ul className="space-y-2.5">
      {ids.map((id) => (
        <ShortcutRow key={id} id={id} />
      ))}
    </ul>
  );
}

/** Keys that stay what they are. */
function FixedKeys({ rows }: { rows: [keys: string, what: string][] }) {
  return (
    <ul className="mt-2.5 space-y-2.5 text-sm">
      {rows.map(([keys, what]) => (
        <li key={what} className="space-y-1">
          <p>{what}</p>
          <p>
            <Keys>{keys}</Keys>
          </p>
        </li>
      ))}
    </ul>
  );
}
