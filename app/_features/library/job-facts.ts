import { remainingText } from '@/app/_features/ui';
import type { JobView } from '@/lib/client/jobs';
import { type ErrorCode, formatClock } from '@/lib/core';
import { t } from './messages';

/** How much of a job is done, 0 to 100; `null` while the recording's length is not known. */
export function donePercent({
  doneMs,
  durationMs,
}: Pick<JobView, 'doneMs' | 'durationMs'>): number | null {
  if (durationMs === null || durationMs <= 0) return null;
  return Math.min(100, Math.max(0, Math.floor((doneMs / durationMs) * 100)));
}

/** `12:30 of 1:00:00`, or only how far it is; empty before anything is settled. */
export function positionText({
  doneMs,
  durationMs,
}: Pick<JobView, 'doneMs' | 'durationMs'>): string {
  if (durationMs !== null && durationMs > 0)
    return t('doneOfTotal', {
      min: formatClock(Math.min(doneMs, durationMs)),
      duration: formatClock(durationMs),
    });
  return doneMs > 0 ? t('doneSoFar', { done: formatClock(doneMs) }) : '';
}

/** What a job is doing, in words. */
export function stateText({
  status,
  stage,
  isSecondPass,
}: Pick<JobView, 'status' | 'stage' | 'isSecondPass'>): string {
  switch (status) {
    case 'running':
      if (isSecondPass && stage === 'transcribing') return t('secondPass');
      return stage === null ? t('otherTab') : t(stage);
    case 'recording':
      return t('beingRecorded');
    case 'queued':
      return t('waiting');
    case 'paused':
      return t('paused');
    case 'failed':
      return t('stopped');
  }
}

/** Everything a progress bar has to say, as one sentence for a screen reader. */
export function progressText(job: JobView): string {
  return [stateText(job), positionText(job), remainingText(job.remainingMs)]
    .filter((part) => part !== '')
    .join(', ');
}

/** The queue in one line: `1 running, 29 waiting`; empty when there is nothing in it. */
export function queueText(jobs: readonly Pick<JobView, 'status'>[]): string {
  return (['recording', 'running', 'queued', 'paused', 'failed'] as const)
    .map((status) => ({ status, count: jobs.filter((job) => job.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => t(`count.${status}`, { count }))
    .join(', ');
}

/** What is wrong with the recording itself: the same file always ends the same way. */
const FINAL: readonly ErrorCode[] = [
  'SOURCE_EMPTY',
  'DECODE_UNSUPPORTED',
  'DECODE_NO_AUDIO',
  'DECODE_EMPTY',
  'DECODE_INCOMPLETE',
  'NO_SPEECH',
];

/** Whether a stopped job may end in another way when it is tried again. */
export function canRetry({ error, needsFile }: Pick<JobView, 'error' | 'needsFile'>): boolean {
  return needsFile || error === null || !FINAL.includes(error.code);
}

/** Whether another audio track of the recording may hold the speech that this one lacks. */
export function canChooseTrack({ error }: Pick<JobView, 'error'>): boolean {
  return error?.code === 'NO_SPEECH' && Number(error.details.tracks ?? 1) > 1;
}

/** What a failed job's report holds: for a message to us, with nothing of what was said. */
export function failureReport(job: JobView): string {
  return JSON.stringify(
    {
      code: job.error?.code,
      message: job.error?.message,
      details: job.error?.details,
      file: { name: job.fileName, sizeBytes: job.sizeBytes },
      doneMs: job.doneMs,
      durationMs: job.durationMs,
      at: new Date().toISOString(),
      browser: navigator.userAgent,
    },
    null,
    2,
  );
}
