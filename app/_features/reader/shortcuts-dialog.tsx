'use client';

import { Dialog } from '@/app/_features/ui';
import { usePlayback, useTools } from './context';
import { t } from './messages';
import { DEFAULT_SHORTCUTS, type ShortcutId } from './shortcut-list';

const READING: readonly ShortcutId[] = [
  'playPause',
  'back',
  'forward',
  'slower',
  'faster',
  'find',
  'help',
];
const EDITING: readonly ShortcutId[] = ['mark', 'edit', 'undo', 'redo'];

/** Keys whose names are words of the language, or signs. */
const NAMED = ['Space', 'Escape', 'Ctrl', 'Alt', 'Shift'] as const;
const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** A key as it is written on keyboards. */
export function shownKey(name: string): string {
  return name
    .split('+')
    .map((part) => {
      const named = NAMED.find((one) => one === part);
      if (named) return t(`key.${named}`);
      const bare = SIGNS[part] ?? part.replace(/^(Key|Digit)/, '');
      return bare.length === 1 ? bare.toUpperCase() : bare;
    })
    .join(' ');
}

/** All keys, in tables. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { editor, playback, source } = useTools();
  const slows = usePlayback((state) => state.slowsForTyping);
  const moving: [string, string][] = [
    [t('wordToWord.keys'), t('wordToWord')],
    [t('playFromThere.keys'), t('playFromThere')],
  ];
  const inText: [string, string][] = [
    [t('splitRow.keys'), t('splitRow')],
    [t('mergeRow.keys'), t('mergeRow')],
    [`${t('key.Alt')} 1 – 9`, t('speakerHere')],
    [`${t('key.Alt')} ${t('key.Shift')} 1 – 9`, t('speakerOnwards')],
  ];
  return (
    <Dialog title={t('keyboardShortcuts')} onClose={onClose}>
      <Keys ids={READING} more={moving} />
      {editor && (
        <>
          <h3 className="mt-6 mb-3 font-medium text-sm">{t('whileEditing')}</h3>
          <Keys ids={EDITING} more={inText} />
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
    </Dialog>
  );
}

function Keys({ ids, more }: { ids: readonly ShortcutId[]; more: [string, string][] }) {
  const rows: [string, string][] = [
    ...ids.map((id): [string, string] => [
      DEFAULT_SHORTCUTS[id].map(shownKey).join(` ${t('orKey')} `),
      t(`shortcut.${id}`),
    ]),
    ...more,
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2.5 text-sm">
      {rows.map(([keys, what]) => (
        <div key={what} className="contents">
          <dt>
            <kbd className="rounded-md border border-line bg-sunken px-2 py-0.5 font-mono text-xs">
              {keys}
            </kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
