'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { usePageState } from '@/app/_features/account';
import { FileIntake } from '@/app/_features/library';
import { isSharePath } from '@/lib/client/sharing';
import { GuestHeader } from './guest-header';
import { Header } from './header';
import { LastRecording, LeavingPage } from './leaving-page';
import { t } from './messages';
import { PageBanner } from './page-banner';
import { Toaster } from './toaster';

/** What is around every page. Files may be dropped on any of them, but for those of guests. */
export function AppShell({ children }: { children: ReactNode }) {
  const here = usePathname();
  const page = usePageState();
  if (page === 'leaving') return <LeavingPage />;
  const isGuest = isSharePath(here);
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
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-4xl px-4 pb-24 outline-none sm:px-6"
      >
        {(isOpen || here === '/record') && children}
      </main>
      {isOpen && <Toaster />}
      {isOpen && !isGuest && <FileIntake />}
    </>
  );
}
