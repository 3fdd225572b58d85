'use client';

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { getApp } from '@/app/_features/app';
import { attempt, keepToast } from '@/app/_features/ui';
import {
  ACCOUNT_KEY,
  currentAccount,
  currentLibrary,
  libraryLocks,
  libraryNow,
  removeLibrary,
} from '@/lib/client/store';
import { AppError } from '@/lib/core';
import { t } from './messages';
import { onUserRemembered } from './session';

/**
 * - `open`: the page shows the library of the signed-in user
 * - `recording`: another user is signed in, or nobody; the page is left once its recording is saved
 * - `leaving`: the page is being reloaded
 */
type PageState = 'open' | 'recording' | 'leaving';

/** The state of this page, and where it goes when it is left; `null`: it is reloaded. */
export const pageStore = createStore<{ state: PageState; goTo: string | null }>(() => ({
  state: 'open',
  goTo: null,
}));

/**
 * Leaves this page when its library is no longer that of the signed-in user. Nothing in it is shown or started any
 * more; only a running recording continues to its end, and is saved in the library in which it began.
 */
function followAccount(): void {
  if (pageStore.getState().state !== 'open' || libraryNow() === currentLibrary()) return;
  getApp().stop();
  if (libraryNow() === null) keepToast(t('signInAgain'));
  const { state: recording } = getApp().recording();
  if (recording.getState().phase === 'idle') {
    leavePage();
    return;
  }
  pageStore.setState({ state: 'recording' });
  const unsubscribe = recording.subscribe(({ phase }) => {
    if (phase !== 'idle') return;
    unsubscribe();
    leavePage();
  });
}

/** Reloads the page, or loads another one. */
export function leavePage(goTo?: string): void {
  pageStore.setState((before) => ({ state: 'leaving', goTo: goTo ?? before.goTo }));
}

/** Where the page goes when it is left because somebody signed in or out. */
export function goOnAt(path: string): void {
  pageStore.setState({ goTo: path });
}

/** Follows who is signed in, whichever tab changes that. @returns stops following */
export function watchAccount(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const onStorage = ({ key }: StorageEvent) => {
    if (key === ACCOUNT_KEY || key === null) followAccount();
  };
  window.addEventListener('storage', onStorage, { signal });
  // a page that slept received no messages
  window.addEventListener('pageshow', followAccount, { signal });
  document.addEventListener('visibilitychange', followAccount, { signal });
  const unsubscribe = onUserRemembered(followAccount);
  followAccount();
  return () => {
    unsubscribe();
    stop.abort();
  };
}

/**
 * Refuses to switch users while that would lose something: a recording in any tab, or a file that is open in a
 * tab and not copied yet.
 * @throws RECORDING_UNDER_WAY, COPY_UNDER_WAY
 */
export async function refuseWhileBusy(): Promise<void> {
  const { held = [] } = await libraryLocks().query();
  const isHeld = (what: string) => held.some(({ name }) => name?.startsWith(`ai2text:${what}:`));
  if (isHeld('recording')) throw new AppError('RECORDING_UNDER_WAY', 'A tab is recording.');
  if (isHeld('source')) throw new AppError('COPY_UNDER_WAY', 'A tab has a file open.');
}

/** Whether this page's library belongs to an account; otherwise it is this browser's library without an account. */
export const isAccountLibrary = (): boolean => currentAccount() !== null;

/**
 * Removes this page's library permanently; the page is then loaded again with an empty one.
 * @returns whether it was removed; a failure is shown
 */
export async function removePageLibrary(): Promise<boolean> {
  const done = await attempt(async () => {
    await refuseWhileBusy();
    await removeLibrary(currentLibrary());
  });
  if (!done) return false;
  keepToast(t('libraryRemoved'));
  leavePage();
  return true;
}

/** Whether this page still has the library of the signed-in user. */
export const usePageState = () => useStore(pageStore, ({ state }) => state);
