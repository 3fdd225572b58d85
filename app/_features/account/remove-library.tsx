'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  Dialog,
  focusMain,
  formatBytes,
  formatCount,
  keepToast,
} from '@/app/_features/ui';
import { currentLibrary, removeLibrary } from '@/lib/client/store';
import { leavePage, refuseWhileBusy } from './page-library';

/** What this library takes up, and how all of it is removed. */
export function LibrarySize({ count, bytes }: { count: number; bytes: number | undefined }) {
  const [asked, setAsked] = useState(false);
  const isAccount = currentLibrary() !== null;
  const size = `${formatCount(count, 'transcript')}${
    bytes === undefined ? '' : `, ${formatBytes(bytes)} of recordings`
  }`;
  const remove = async () => {
    setAsked(false);
    const done = await attempt(async () => {
      await refuseWhileBusy();
      await removeLibrary(currentLibrary());
    });
    if (!done) return focusMain();
    // a new page begins with an empty one, and asks the server for its list anew
    keepToast('The library was removed from this browser.');
    leavePage();
  };
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3 text-sm">
      <p className="min-w-0 flex-1 basis-64 tabular-nums">
        {isAccount ? 'Your account’s library here' : 'This library'}: {size}
      </p>
      <Button onClick={() => setAsked(true)}>
        {isAccount ? 'Remove my library from this browser' : 'Remove this library'}
      </Button>
      {asked && (
        <Dialog title="Remove this library?" onClose={() => setAsked(false)}>
          <p className="text-sm">
            {size}, and what is unfinished, are deleted from this browser together with your custom
            vocabulary and choices. This cannot be undone. Downloaded models stay
            {isAccount && ', and so do your account and the titles on its list'}.
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(false)}>Keep it</Button>
            <Button tone="danger" onClick={() => void remove()}>
              Remove for good
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
