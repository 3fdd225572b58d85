'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { pageStore } from '@/app/_features/account';
import { Notice } from '@/app/_features/ui';
import { t } from './messages';

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
    document.title = `${t('recording')} · AI2Text`;
  }, []);
  return (
    <div role="alert" className="mx-auto my-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="warn">
        <p>{t('accountChanged')}</p>
        {here !== '/record' && (
          <Link href="/record" className="inline-flex min-h-10 items-center underline">
            {t('goToRecording')}
          </Link>
        )}
      </Notice>
    </div>
  );
}
