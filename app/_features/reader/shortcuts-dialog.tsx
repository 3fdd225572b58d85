'use client';

import { Button, Dialog } from '@/app/_features/ui';
import { usePlayback, useTools } from './context';
import { t } from './messages';
import { PedalSection } from './pedals/pedal-section';
import type { ShortcutId } from './shortcut-list';
import { Keys, ShortcutRow, useShortcutChanges } from './shortcut-row';

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
