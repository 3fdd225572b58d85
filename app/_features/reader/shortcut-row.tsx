'use client';

import { PencilLine, Plus, RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton } from '@/app/_features/ui';
import { useReader, useTools } from './context';
import { t } from './messages';
import {
  isWholeKey,
  type KeyProblem,
  problemOf,
  type ShortcutChanges,
  shortcutsWith,
  withDefault,
  withKeys,
} from './shortcut-changes';
import { keyName, type ShortcutId } from './shortcut-list';
import { type KeyboardLayout, shownKey, useKeyboardLayout } from './shown-key';

/** Keys as they are drawn. */
export function Keys({ children }: { children: string }) {
  return (
    <kbd className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">
      {children}
    </kbd>
  );
}

/** Changes which keys there are, for this page and for the next visit. */
export function useShortcutChanges(): [ShortcutChanges, (next: ShortcutChanges) => void] {
  const { source, reader } = useTools();
  const changes = useReader((state) => state.shortcutChanges);
  const set = (shortcutChanges: ShortcutChanges) => {
    reader.setState({ shortcutChanges });
    source.keep({ shortcuts: { ...shortcutChanges } });
  };
  return [changes, set];
}

/** One command with its keys, and the buttons that change these. */
export function ShortcutRow({ id }: { id: ShortcutId }) {
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
