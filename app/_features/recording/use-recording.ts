'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { getApp, queryKeys } from '@/app/_features/app';
import { formatList, formatMeasured, formatNumber } from '@/app/_features/ui';
import {
  type CaptureInput,
  type LiveParagraph,
  listMicrophones,
  NO_RECORDING,
  onDevicesChanged,
  type RecordingNotice,
  type RecordingState,
  recordingSupport,
} from '@/lib/client/recording';
import type { CaptureReport } from '@/lib/client/store';
import { t } from './messages';

/** What is said of a recording: once, though it may concern both inputs. */
export interface NoticeText {
  text: string;
  /** A matter of course rather than a danger to the recording. */
  isMild: boolean;
}

/** What the user should know of the recording under way, and what to do. */
export function noticeTexts({
  notices,
  phase,
  source,
}: Pick<RecordingState, 'notices' | 'phase' | 'source'>): NoticeText[] {
  const inputsOf = (kind: RecordingNotice['kind']) =>
    notices.filter((one) => one.kind === kind).map(({ input }) => input);
  const lost = inputsOf('input-lost');
  const silent = [...lost, ...inputsOf('input-muted')];
  const texts = notices.map((notice) => ({
    text:
      notice.kind === 'input-lost' && lost.length > 1
        ? t('lost.both')
        : noticeText(notice, {
            isStillRecording: phase === 'recording',
            hasOther: source === 'both' && silent.length === 1,
          }),
    isMild: notice.kind === 'no-wake-lock' || notice.kind === 'no-live-text',
  }));
  return texts.filter(({ text }, at) => texts.findIndex((one) => one.text === text) === at);
}

/** @param hasOther whether the other of two inputs is recorded */
function noticeText(
  { kind, input }: RecordingNotice,
  { isStillRecording, hasOther }: { isStillRecording: boolean; hasOther: boolean },
): string {
  const from: CaptureInput = input ?? 'microphone';
  switch (kind) {
    case 'input-lost':
      return isStillRecording ? t(`lost.continues.${from}`) : t(`lost.${from}`);
    case 'input-muted':
      return hasOther ? t(`muted.continues.${from}`) : t(`muted.${from}`);
    case 'silence':
      return t('silence');
    case 'storage-full':
      return t('storageFull');
    case 'no-live-text':
      return t('noLiveTextThisTime');
    case 'no-wake-lock':
      return t('noWakeLock');
  }
}

/** A paragraph's words as running text. */
export function paragraphText({ words }: LiveParagraph): string {
  return words.map(({ text }) => text).join(' ');
}

/** How a recording came in: one sentence each, the worst first. */
export function captureFacts(report: CaptureReport): { text: string; isWarning: boolean }[] {
  const { inputs, sampleRateHz, driftPpm, droppedMs, gaps, pauses, ended } = report;
  const facts: { text: string; isWarning: boolean }[] = [];
  const warn = (text: string) => facts.push({ text, isWarning: true });
  if (ended === 'crashed') warn(t('crashed'));
  if (ended === 'storage-full') warn(t('endedStorageFull'));
  if (ended === 'device-lost') warn(t('endedDeviceLost'));
  if (gaps > 0) warn(t('dropped', { length: formatMeasured(droppedMs), gaps }));
  const parts = [
    t('recordedFrom', {
      input: inputs.length > 0 ? formatList(inputs) : t('unknownInput'),
      rate: formatNumber(sampleRateHz / 1000, 1),
    }),
    pauses === 0 ? '' : t('pauses', { pauses }),
    gaps === 0 ? t('noSoundDropped') : '',
    driftText(driftPpm),
  ];
  facts.push({ text: `${parts.filter((part) => part !== '').join(', ')}.`, isWarning: false });
  return facts;
}

/** Clocks differ by some tens of parts per million: that is seconds in a day. */
function driftText(ppm: number | null): string {
  if (ppm === null) return '';
  if (ppm === 0) return t('clockSame');
  return t(ppm > 0 ? 'clockFaster' : 'clockSlower', { ppm: Math.abs(ppm) });
}

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
