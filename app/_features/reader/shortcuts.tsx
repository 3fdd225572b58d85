'use client';

import { useEffect, useState } from 'react';
import { Dialog } from '@/app/_features/ui';
import { useTools } from './context';
import { t } from './messages';
import { SKIP_MS, stepRate } from './playback';
import { closeFind, openFind } from './reader-state';

/** Keys that are named the same in every language stand as they are. */
const KEYS = [
  [null, 'playOrPause'],
  ['← →', 'backOrForward'],
  ['< >', 'slowerOrFaster'],
  [null, 'findInThis'],
  [null, 'wordToWord'],
  [null, 'playFromThere'],
  ['?', 'showShortcuts'],
] as const;

/** Elements that need the keys themselves. A slider needs none of these, or takes them first. */
const KEEPS_KEYS =
  'input:not([type="range"]), textarea, select, dialog, [role="menu"], [contenteditable], [role="button"]';

/** The keys of the whole page; not while one types, or moves through words or a menu. */
export function Shortcuts() {
  const { source, playback, reader } = useTools();
  const [help, setHelp] = useState(false);

  useEffect(() => {
    /** @returns whether the key means something here */
    const act = (key: string, repeat: boolean): boolean => {
      switch (key) {
        case ' ':
          // with nothing to play, space scrolls as everywhere
          if (playback.store.getState().status !== 'ready') return false;
          // held down, it is pressed once
          if (!repeat) playback.toggle();
          return true;
        case 'ArrowLeft':
        case 'ArrowRight':
          playback.skip(key === 'ArrowLeft' ? -SKIP_MS : SKIP_MS);
          return true;
        case '<':
        case '>': {
          const rate = stepRate(playback.store.getState().rate, key === '<' ? -1 : 1);
          // at once: the next press counts from here
          playback.setRate(rate);
          source.keep({ playbackRate: rate });
          return true;
        }
        case '/':
          openFind(reader);
          return true;
        case 'Escape':
          if (!reader.getState().find.open) return false;
          closeFind(reader);
          return true;
        case '?':
          setHelp(true);
          return true;
        default:
          return false;
      }
    };
    const onKey = (event: KeyboardEvent) => {
      const { key, altKey, repeat, defaultPrevented } = event;
      if (defaultPrevented || altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (event.ctrlKey || event.metaKey) {
        // the browser's own search would miss rows that are not drawn; pressed again it is theirs
        if (key !== 'f' || target?.matches('[type="search"]')) return;
        event.preventDefault();
        openFind(reader);
        return;
      }
      if (target?.closest(KEEPS_KEYS)) return;
      // a button or a link pressed by space does its own work
      if (key === ' ' && target?.closest('button, a, summary')) return;
      if (act(key, repeat)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [source, playback, reader]);

  return help ? <ShortcutsDialog onClose={() => setHelp(false)} /> : null;
}

/** The keys, in a small table. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keyboardShortcuts')} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2.5 text-sm">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt>
              <kbd className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">
                {keys ?? t(`${what}.keys`)}
              </kbd>
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
