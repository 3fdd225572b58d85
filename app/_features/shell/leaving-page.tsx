'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { pageStore } from '@/app/_features/account';
import { Notice } from '@/app/_features/ui';

/** Goes on with the library of who is signed in now, in a page of its own. */
export function LeavingPage() {
  // behind the last drawing: what asks before a page is left is gone by then
  useEffect(() => {
    const { goTo } = pageStore.getState();
    if (goTo === null) window.location.reload();
    else window.location.replace(goTo);
  }, []);
  return null;
}

/** Says on a page that records for somebody who is not signed in any more how it goes on. */
export function LastRecording({ here }: { here: string }) {
  useEffect(() => {
    // until now it may have been the title of a transcript
    document.title = 'Recording · AI2Text';
  }, []);
  return (
    <div role="alert" className="mx-auto my-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="warn">
        <p>
          Somebody signed in or out in this browser. The recording goes on, and is saved in the
          library in which it began; this page shows nothing else until it is stopped.
        </p>
        {here !== '/record' && (
          <Link href="/record" className="inline-flex min-h-10 items-center underline">
            Go to the recording
          </Link>
        )}
      </Notice>
    </div>
  );
}
