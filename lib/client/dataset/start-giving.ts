import { createStore } from 'zustand/vanilla';
import { libraryLocks, listContributions, onChange } from '@/lib/client/store';
import { retryDelayMs, shouldRetry } from '@/lib/client/sync';
import { type ErrorCode, retry, toAppError } from '@/lib/core';
import type { ClipCutter } from './clip-cutter';
import { datasetServer } from './dataset-server';
import { readClipSource } from './read-clips';
import { type DatasetServer, sendAll } from './send';

const LOCK_NAME = 'ai2text:giving';

/** Tries in a row before it waits for the next occasion. */
const ATTEMPTS = 6;

/** What this tab is sending, and why nothing can be sent. */
export const givingStore = createStore<{ sending: string | null; problem: ErrorCode | null }>(
  () => ({ sending: null, problem: null }),
);

export interface GivingOptions {
  createCutter(): ClipCutter;
  /** The server no longer knows the session. */
  onSignedOut(): void;
  /** The app's own server, unless another is named. */
  server?: DatasetServer;
}

/**
 * Sends what was agreed to, while a user is signed in: one tab at a time, when something is stored, when the
 * page opens, is shown again or has its network back. There is no timer but that of a failure that may pass.
 * @returns stops it; what waits is sent by the next page
 */
export function startGiving({
  createCutter,
  onSignedOut,
  server = datasetServer,
}: GivingOptions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let isRunning = false;
  let isWanted = false;

  const send = async () => {
    const cutter = createCutter();
    try {
      const dependencies = {
        server,
        cutter,
        readSource: readClipSource,
        onSending: (sending: string | null) => givingStore.setState({ sending }),
      };
      await libraryLocks().request(LOCK_NAME, { signal }, () => sendAll(dependencies, signal));
    } finally {
      cutter.dispose();
    }
  };
  const run = async () => {
    isRunning = true;
    try {
      while (isWanted && !signal.aborted) {
        isWanted = false;
        if (!(await isWaiting())) break;
        await retry(send, {
          attempts: ATTEMPTS,
          delayMs: (failures, error) => retryDelayMs(failures, error),
          isRetryable: (error) => shouldRetry(0, error),
          signal,
        });
        givingStore.setState({ problem: null });
      }
    } catch (error) {
      const { code } = toAppError(error);
      if (code === 'UNAUTHENTICATED') onSignedOut();
      if (!signal.aborted) {
        console.warn('What was given could not be sent', error);
        givingStore.setState({ problem: code });
      }
    } finally {
      isRunning = false;
    }
  };
  const ask = () => {
    isWanted = true;
    if (!isRunning && !signal.aborted) void run();
  };

  ask();
  window.addEventListener('online', ask, { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && ask(),
    { signal },
  );
  const stopListening = onChange(({ kind }) => {
    if (kind === 'contributions') ask();
  });
  return () => {
    stop.abort();
    stopListening();
    givingStore.setState({ sending: null, problem: null });
  };
}

async function isWaiting(): Promise<boolean> {
  const all = await listContributions();
  return all.some(({ state }) => state === 'waiting' || state === 'withdrawing');
}
