'use client';

import { useEffect, useState } from 'react';
import { attempt, Button, showToast } from '@/app/_features/ui';
import { setShownOnOtherDevices, withdrawFromServer } from '@/lib/client/store';
import { useShows } from './use-sync';
import { WaitingLine } from './waiting-line';

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
    if (await attempt(() => setShownOnOtherDevices(owner, show))) setMayWithdraw(!show);
    else setPressed(null);
  };
  const withdraw = async () => {
    if (!(await attempt(() => withdrawFromServer(owner)))) return;
    setMayWithdraw(false);
    showToast({ text: 'This device’s entries are being removed from the server.' });
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
          <span className="block">Show this device’s transcripts on my other devices</span>
          <span className="block text-muted">
            Titles, languages and lengths; never words, never sound.
          </span>
        </span>
      </label>
      {mayWithdraw && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="min-w-0 flex-1 basis-56">
            Nothing more is sent. What was sent before is still on your list.
          </p>
          <Button onClick={() => void withdraw()}>Remove it from the server</Button>
        </div>
      )}
      <WaitingLine />
    </div>
  );
}
