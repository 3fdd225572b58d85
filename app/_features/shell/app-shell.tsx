'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect } from 'react';
import { pageStore, usePageState } from '@/app/_features/account';
import { CaptionsWindow } from '@/app/_features/captions';
import { FileIntake } from '@/app/_features/library';
import { Button, errorSentence, Notice, useBanner } from '@/app/_features/ui';
import { isSharePath } from '@/lib/client/sharing';
import { GuestHeader, Header } from './header';
import { t } from './messages';
import { PrivateBanner, useNotPrivate } from './private-banner';
import { Toaster } from './toaster';

/** The window with captions: nothing is around them. */
const CAPTIONS = '/captions';

/** What is around every page. Files may be dropped on any of them, but for those of guests. */
export function AppShell({ children }: { children: ReactNode }) {
  const here = usePathname();
  const page = usePageState();
  const notPrivate = useNotPrivate();
  if (page === 'leaving') return <LeavingPage />;
  const isGuest = isSharePath(here);
  // fills its window
  if (here === CAPTIONS) return <main id="main">{children}</main>;
  const isOpen = page === 'open';
  return (
    <>
      <a
        href="#main"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-3 text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:start-3"
      >
        {t('skipToContent')}
      </a>
      {isOpen ? isGuest ? <GuestHeader /> : <Header /> : <LastRecording here={here} />}
      <PageBanner />
      {!isGuest && <PrivateBanner />}
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-4xl px-4 pb-24 outline-none sm:px-6"
      >
        {notPrivate ? (
          <p className="pt-2 sm:pt-6">{t('noAccountInPrivate')}</p>
        ) : (
          (isOpen || here === '/record') && children
        )}
      </main>
      {isOpen && <Toaster />}
      {!isGuest && <CaptionsWindow />}
      {isOpen && !isGuest && <FileIntake />}
    </>
  );
}

/** Says what keeps the whole page from working. */
function PageBanner() {
  const banner = useBanner();
  if (banner === null) return null;
  return (
    <div role="alert" className="mx-auto mb-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="warn">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>{banner === 'outdated' ? t('outdated') : errorSentence('STORE_BLOCKED')}</p>
          <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
        </div>
      </Notice>
    </div>
  );
}

/** Goes on with the library of who is signed in now, in a page of its own. */
function LeavingPage() {
  // after the last render: what asks before a page is left is gone by then
  useEffect(() => {
    const { goTo } = pageStore.getState();
    if (goTo === null) window.location.reload();
    else window.location.replace(goTo);
  }, []);
  return null;
}

/** Says, on a page that records for somebody who is no longer signed in, what happens next. */
function LastRecording({ here }: { here: string }) {
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
