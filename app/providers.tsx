'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { watchAccount } from '@/app/_features/account';
import { batchChanges, createQueryClient, getApp, invalidateFor } from '@/app/_features/app';
import { LanguageBoundary } from '@/app/_features/i18n';
import { t as recordingText } from '@/app/_features/recording';
import { registerServiceWorker, Sync } from '@/app/_features/shell';
import { loadTheme, showBanner, showKeptToast, showToast } from '@/app/_features/ui';
import { MESSAGES } from '@/app/messages';
import { startRequestLedger } from '@/lib/client/http';
import { brokenRecording } from '@/lib/client/recording';
import { isSharePath } from '@/lib/client/sharing';
import { onChange, onOutdated, prepareLibraries, runBeforeFirstUse } from '@/lib/client/store';
import { isPrivateSession } from '@/lib/core';

// before any page reads from it
runBeforeFirstUse(prepareLibraries);

/** The page reads again what changed at most this often, in ms. */
const REFRESH_MS = 800;

/**
 * The context around every page. Readers of a shared transcript are guests: the app does not run for them, and
 * nothing is kept on their device. A caption window only reads what another tab sends.
 */
export function Providers({ children }: { children: ReactNode }) {
  const here = usePathname();
  const translated = <LanguageBoundary loaders={MESSAGES}>{children}</LanguageBoundary>;
  return isSharePath(here) || here === '/captions' ? (
    <ForGuests>{translated}</ForGuests>
  ) : (
    <ForUsers>{translated}</ForUsers>
  );
}

function ForGuests({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  useEffect(loadTheme, []);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** The query cache, kept true to the store, and the running queue. */
function ForUsers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  const router = useRouter();

  useEffect(startRequestLedger, []);

  useEffect(() => {
    loadTheme();
    onOutdated(() => showBanner('outdated'));
    // jobs of an earlier visit resume whichever page is opened
    const { jobs, warmUp } = getApp();
    // keeping every file for later must not hold up the first recording of a first visit
    const busy = window.location.pathname === '/' ? warmUp() : Promise.resolve();
    void busy.then(() => {
      // a private session leaves no copy of the app behind
      if (isPrivateSession()) return;
      registerServiceWorker();
      getApp().modelChoice.keepFetched();
    });
    const tellWhenReady = () => {
      // for scripts that drive the app: the library has been read and the page is interactive
      if (jobs.getState().loaded) document.documentElement.dataset.ready = '';
    };
    tellWhenReady();
    const tellModel = () => {
      // for the same scripts: what is measured is not Draft while a better model is on its way
      const { inUse } = getApp().modelChoice.state.getState();
      if (inUse && inUse.standIn?.kind !== 'coming')
        document.documentElement.dataset.model = inUse.now;
    };
    tellModel();
    const stops = [jobs.subscribe(tellWhenReady), getApp().modelChoice.state.subscribe(tellModel)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);

  useEffect(() => {
    showKeptToast();
    return watchAccount();
  }, []);

  useEffect(
    () =>
      getApp().recoverRecordings((id) => {
        // the page that recorded it says so itself, and where it is
        if (brokenRecording.getState().id === id && window.location.pathname === '/record') return;
        showToast({
          text: recordingText('brokenSaved'),
          action: { label: recordingText('open'), run: () => router.push(`/transcripts/${id}`) },
        });
      }),
    [router],
  );

  useEffect(() => {
    const batch = batchChanges((change) => invalidateFor(client, change), REFRESH_MS);
    const stop = onChange((change) => {
      // seldom, and made by hand: a control shows what was chosen at once
      if (change.kind === 'settings') invalidateFor(client, change);
      else batch.add(change);
    });
    return () => {
      stop();
      batch.dispose();
    };
  }, [client]);

  return (
    <QueryClientProvider client={client}>
      <Sync />
      {children}
    </QueryClientProvider>
  );
}
