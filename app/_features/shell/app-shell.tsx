'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { pageStore, usePageState } from '@/app/_features/account';
import { usePrivateSession } from '@/app/_features/app';
import { CaptionsWindow } from '@/app/_features/captions';
import { useGiving } from '@/app/_features/dataset';
import { FileIntake, reportDeletions, useWatchedFolder } from '@/app/_features/library';
import { useSync, useUnsentLive } from '@/app/_features/sync';
import {
  Button,
  Dialog,
  dismissToast,
  errorSentence,
  focusMain,
  IconButton,
  Notice,
  TOAST_MS,
  type Toast,
  useBanner,
  useToasts,
} from '@/app/_features/ui';
import { isSharePath } from '@/lib/client/sharing';
import { setPrivateSession } from '@/lib/core';
import { GuestHeader, Header } from './header';
import { t } from './messages';

/**
 * Lets the app open without a network after the first visit: the service worker, written by the
 * build, keeps the app's own files. Not in development, where files change under their names.
 */
export function registerServiceWorker(): void {
  // there is none over plain http on another machine's address
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker
    .register('/sw.js')
    .catch((error: unknown) => console.warn('The app will not open without a network', error));
}

/**
 * What goes on while the app is open: exchanges the list with the server, sends what was given and the rest
 * of live text, and takes what comes into the watched folder. Renders nothing.
 */
export function Sync() {
  useSync(reportDeletions);
  useGiving();
  useUnsentLive();
  useWatchedFolder();
  return null;
}

/** The messages at the foot of the page, read aloud as they come. */
function Toaster() {
  const toasts = useToasts();
  return (
    <div
      role="status"
      // only the new message is read, not those that are there still
      aria-atomic={false}
      data-toaster
      className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex flex-col items-center gap-2 p-4"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { id, text, tone, action } = toast;
  const [held, setHeld] = useState(false);

  // while it is pointed at or has the focus, it stays
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(id), TOAST_MS);
    return () => clearTimeout(timer);
  }, [id, held]);

  /** Takes it away by hand: the focus must not be lost with its button. */
  const leave = () => {
    dismissToast(id);
    focusMain();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here but waiting
    <div
      className="pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-xl border border-line bg-surface py-1.5 pe-1.5 ps-4 text-sm shadow-raised"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className={`min-w-0 flex-1 py-1 ${tone === 'danger' ? 'text-danger' : ''}`}>{text}</p>
      {action && (
        <Button
          tone="link"
          onClick={() => {
            leave();
            void action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('dismiss')} onClick={leave}>
        <X aria-hidden size={18} />
      </IconButton>
    </div>
  );
}

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
      <Notice tone="warn" isRow>
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

/** Says on every page of a private session what it is, and ends it. */
function PrivateBanner() {
  const isPrivate = usePrivateSession();
  const [asked, setAsked] = useState(false);
  if (!isPrivate) return null;
  return (
    <div className="mx-auto mb-4 w-full max-w-4xl px-4 sm:px-6">
      <Notice tone="info" isRow>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64">{t('privateSession')}</p>
          <Button onClick={() => setAsked(true)}>{t('endPrivate')}</Button>
        </div>
      </Notice>
      {asked && (
        <Dialog title={t('askEndPrivate')} onClose={() => setAsked(false)}>
          <p className="text-sm">{t('endPrivateHint')}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(false)}>{t('stayPrivate')}</Button>
            <Button
              tone="danger"
              onClick={() => {
                setPrivateSession(false);
                window.location.assign('/');
              }}
            >
              {t('endPrivate')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** Pages that are about an account. */
const OF_ACCOUNTS = /^\/(sign-in|setup|invite|reset)$/;

/** Whether a page cannot be had in this tab, since it is private. */
function useNotPrivate(): boolean {
  const here = usePathname();
  return usePrivateSession() && OF_ACCOUNTS.test(here);
}
