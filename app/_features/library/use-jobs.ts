'use client';

import { useSyncExternalStore } from 'react';
import { getApp } from '@/app/_features/app';
import type { JobsState } from '@/lib/client/jobs';

const NOT_LOADED: JobsState = { loaded: false, problem: null, jobs: [] };

const subscribe = (listener: () => void) => getApp().jobs.subscribe(listener);
const read = () => getApp().jobs.getState();
const readOnServer = () => NOT_LOADED;

const readAny = () => read().jobs.length > 0;
const readNone = () => false;

/** Whether anything is in the queue; draws again only when that changes. */
export function useHasJobs(): boolean {
  return useSyncExternalStore(subscribe, readAny, readNone);
}

/** The queue as it is now. On the server, and until it is read, it is not loaded. */
export function useJobs(): JobsState {
  return useSyncExternalStore(subscribe, read, readOnServer);
}
