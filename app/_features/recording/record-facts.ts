import { formatList, formatMeasured, formatNumber } from '@/app/_features/ui';
import type { LiveParagraph, RecordingNotice } from '@/lib/client/recording';
import type { CaptureReport } from '@/lib/client/store';
import { t } from './messages';

/**
 * What the user should know of the recording under way, and what to do.
 * @param isStillRecording whether something is being recorded all the same
 */
export function noticeText({ kind, input }: RecordingNotice, isStillRecording: boolean): string {
  const from = input === 'display' ? 'display' : 'microphone';
  switch (kind) {
    case 'input-lost':
      return isStillRecording ? t(`lost.continues.${from}`) : t(`lost.${from}`);
    case 'input-muted':
      return t(`muted.${from}`);
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

/** Whether a notice is a matter of course rather than a danger to the recording. */
export function isMild({ kind }: RecordingNotice): boolean {
  return kind === 'no-wake-lock' || kind === 'no-live-text';
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
