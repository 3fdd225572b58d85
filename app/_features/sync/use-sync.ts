'use client';

import { onlineManager, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useSession } from '@/app/_features/account';
import { queryKeys, useSetting } from '@/app/_features/app';
import { attempt } from '@/app/_features/ui';
import { startSendingUnsent } from '@/lib/client/sharing';
import {
  currentLibrary,
  getRemoteTranscript,
  listOutbox,
  setShownOnOtherDevices,
  withdrawFromServer,
} from '@/lib/client/store';
import { type SyncEvents, startSync, syncStore } from '@/lib/client/sync';
import type { ErrorCode } from '@/lib/core';
import { t } from './messages';

/**
 * Stores whether this device's list is shown on the user's other devices.
 * @returns whether it was stored; a failure is shown
 */
export const showOnOtherDevices = (owner: string, show: boolean): Promise<boolean> =>
  attempt(() => setShownOnOtherDevices(owner, show));

/**
 * Has the entries of this device removed from the server.
 * @returns whether that was noted; a failure is shown
 */
export const withdrawList = (owner: string): Promise<boolean> =>
  attempt(() => withdrawFromServer(owner));

/**
 * Keeps the list the same on all devices of the signed-in user, while the page has their library.
 * @param onDeletedHere called with transcripts of this device that were deleted on another one
 */
export function useSync(onDeletedHere: SyncEvents['onDeletedHere']): void {
  const client = useQueryClient();
  const session = useSession();
  const owner = session?.user.id;
  useEffect(() => {
    if (owner === undefined || owner !== currentLibrary()) return;
    return startSync(client, owner, {
      onDeletedHere,
      onSignedOut: () => void client.invalidateQueries({ queryKey: queryKeys.session }),
    });
  }, [client, owner, onDeletedHere]);
}

/** Sends the end of live text that earlier pages could not send. */
export function useUnsentLive(): void {
  const owner = useSession()?.user.id;
  useEffect(() => {
    if (owner === undefined || owner !== currentLibrary()) return;
    return startSendingUnsent();
  }, [owner]);
}

/** A transcript of another device; `null` when there is none. @param enabled whether to look */
export function useRemoteTranscript(id: string, enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.remoteTranscript(id),
    queryFn: () => getRemoteTranscript(id),
    enabled,
  });
}

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);
const isOnline = () => onlineManager.isOnline();
const isOnlineOnServer = () => true;

/** What is said of changes that wait for the server, if anything. */
export function useWaitingText(): string | null {
  const session = useSession();
  const online = useSyncExternalStore(subscribe, isOnline, isOnlineOnServer);
  const problem = useStore(syncStore, (state) => state.problem);
  const { data: waiting = 0 } = useQuery({
    queryKey: queryKeys.waiting,
    queryFn: async () => (await listOutbox()).length,
  });
  return session ? waitingText(waiting, online, problem) : null;
}

/** Whether this device's transcripts are shown on the user's others; `undefined`: not asked yet. */
export function useShows(owner: string): boolean | undefined {
  return useSetting('sync').shows[owner];
}

/**
 * What is said of changes that wait; `null` when there is nothing to say: they go in a moment.
 * @param waiting how many transcripts have not been sent to the server
 */
export function waitingText(
  waiting: number,
  isOnline: boolean,
  problem: ErrorCode | null,
): string | null {
  if (problem === 'TOO_LARGE') return t('listFull');
  if (waiting === 0) return null;
  if (!isOnline) return t('sentWhenOnline', { waiting });
  if (problem === null || problem === 'UNAUTHENTICATED' || problem === 'ABORTED') return null;
  return t('couldNotBeSent', { waiting });
}
