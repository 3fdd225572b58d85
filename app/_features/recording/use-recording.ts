'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { getApp, queryKeys } from '@/app/_features/app';
import {
  listMicrophones,
  NO_RECORDING,
  onDevicesChanged,
  type RecordingState,
  recordingSupport,
} from '@/lib/client/recording';

const subscribe = (listener: () => void) => getApp().recording().state.subscribe(listener);

/**
 * A part of this tab's recording; draws again only when that part changes.
 * @param pick must give the same object as long as nothing of it changed
 */
export function useRecording<T>(pick: (state: RecordingState) => T): T {
  const read = useCallback(() => pick(getApp().recording().state.getState()), [pick]);
  const readOnServer = useCallback(() => pick(NO_RECORDING), [pick]);
  return useSyncExternalStore(subscribe, read, readOnServer);
}

/** Whether this browser can record; `undefined` until that is known. */
export function useRecordingSupport() {
  const { data } = useQuery({
    queryKey: queryKeys.recordingSupport,
    queryFn: recordingSupport,
  });
  return data;
}

/** The microphones; their names are empty until one was allowed. */
export function useMicrophones() {
  const { data = [], refetch } = useQuery({
    queryKey: queryKeys.microphones,
    queryFn: listMicrophones,
  });
  const isRecording = useRecording(isUnderWay);
  useEffect(() => onDevicesChanged(() => void refetch()), [refetch]);
  // names come with the permission
  const before = useRef(isRecording);
  useEffect(() => {
    if (before.current === isRecording) return;
    before.current = isRecording;
    void refetch();
  }, [isRecording, refetch]);
  return data;
}

/** Whether something is being recorded, or held. */
export function isUnderWay({ phase }: RecordingState): boolean {
  return phase !== 'idle';
}
