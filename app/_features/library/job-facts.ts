import { remainingText } from '@/app/_features/ui';
import type { JobStage, JobView } from '@/lib/client/jobs';
import { type ErrorCode, formatClock } from '@/lib/core';

const STAGES: Record<JobStage, string> = {
  opening: 'Opening the file',
  'loading-model': 'Loading the speech model',
  transcribing: 'Transcribing',
  finishing: 'Finishing',
};

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
    return `${formatClock(Math.min(doneMs, durationMs))} of ${formatClock(durationMs)}`;
  return doneMs > 0 ? `${formatClock(doneMs)} so far` : '';
}

/** What a job is doing, in words. */
export function stateText({
  status,
  stage,
  isSecondPass,
}: Pick<JobView, 'status' | 'stage' | 'isSecondPass'>): string {
  switch (status) {
    case 'running':
      if (isSecondPass && stage === 'transcribing')
        return 'Better words take the place of the first';
      return stage === null ? 'Running in another tab' : STAGES[stage];
    case 'recording':
      return 'Being recorded';
    case 'queued':
      return 'Waiting';
    case 'paused':
      return 'Paused';
    case 'failed':
      return 'Stopped';
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
  const words = {
    recording: 'being recorded',
    running: 'running',
    queued: 'waiting',
    paused: 'paused',
    failed: 'stopped',
  };
  return (['recording', 'running', 'queued', 'paused', 'failed'] as const)
    .map((status) => ({ status, count: jobs.filter((job) => job.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`)
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
