'use client';

import { useEffect, useState } from 'react';
import { Button, showToast } from '@/app/_features/ui';
import { t } from './messages';
import { showOnOtherDevices, useShows, useWaitingText, withdrawList } from './use-sync';

/** Whether this device's list is shown on a user's other devices, and how that stands. */
export function SyncSettings({ owner }: { owner: string }) {
  const shows = useShows(owner) ?? false;
  // what was pressed shows at once, before it is stored
  const [pressed, setPressed] = useState<boolean | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored now counts again
  useEffect(() => setPressed(null), [shows]);
  // offered when it was just turned off: later there is nothing left to take away
  const [mayWithdraw, setMayWithdraw] = useState(false);

  const change = async (show: boolean) => {
    setPressed(show);
    if (await showOnOtherDevices(owner, show)) setMayWithdraw(!show);
    else setPressed(null);
  };
  const withdraw = async () => {
    if (!(await withdrawList(owner))) return;
    setMayWithdraw(false);
    showToast({ text: t('entriesBeingRemoved') });
  };

  return (
    <div className="space-y-2 text-sm">
      <label className="inline-flex min-h-10 cursor-pointer items-start gap-3 py-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0 accent-(--accent)"
          checked={pressed ?? shows}
          onChange={(event) => void change(event.target.checked)}
        />
        <span>
          <span className="block">{t('showOnOtherDevices')}</span>
          <span className="block text-muted">{t('whatIsShown')}</span>
        </span>
      </label>
      {mayWithdraw && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="min-w-0 flex-1 basis-56">{t('nothingMoreIsSent')}</p>
          <Button onClick={() => void withdraw()}>{t('removeFromServer')}</Button>
        </div>
      )}
      <WaitingLine />
    </div>
  );
}

/** Says, in one quiet line, that changes wait for the network. */
export function WaitingLine() {
  const text = useWaitingText();
  // always there: words that come into it are read aloud
  return (
    <p role="status" className={text === null ? 'sr-only' : 'mb-3 text-muted text-sm'}>
      {text}
    </p>
  );
}
