'use client';

import { isolated } from '@/lib/core/direction';
import { formatDuration } from '@/lib/core/time';
import type { CaptureReport } from '@/lib/record/types';
import type { TranscriptRecord } from '@/lib/store/schema';
import { useJobs } from '../../_hooks/use-jobs';
import { formatBytes, formatCount, formatDate } from '../../_state/format';
import { positionText, remainingText, stateText } from '../../_state/job-facts';
import { noticeTexts } from '../../_state/notice-facts';
import { captureFacts } from '../../_state/record-facts';
import { errorSentence } from '../error-text';
import { Notice } from '../ui/notice';
import { TrackChoice } from './track-choice';

/** Where the text comes from, and what the reader should know of it. */
export function Facts({ record }: { record: TranscriptRecord }) {
  const { createdAt, durationMs, wordCount, source, model, notices, state, capture } = record;
  const facts = [
    formatDate(createdAt),
    formatDuration(durationMs),
    formatCount(wordCount, 'word'),
    `${isolated(source.name)} (${formatBytes(source.sizeBytes)})`,
    model ? `${model.id} on ${model.backend === 'webgpu' ? 'WebGPU' : 'WASM'}` : '',
  ];
  return (
    <div className="mt-1 space-y-3">
      <p className="text-muted text-sm [overflow-wrap:anywhere]">
        {facts.filter((fact) => fact !== '').join(' · ')}
      </p>
      <TrackChoice record={record} />
      {state === 'partial' && <Unfinished record={record} />}
      {capture && <Capture report={capture} />}
      {noticeTexts(notices).map((text) => (
        <Notice key={text} tone="warn">
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

/** How the sound came in, when it was recorded here. */
function Capture({ report }: { report: CaptureReport }) {
  const facts = captureFacts(report);
  const warnings = facts.filter(({ isWarning }) => isWarning);
  return (
    <>
      {warnings.map(({ text }) => (
        <Notice key={text} tone="warn">
          <p>{text}</p>
        </Notice>
      ))}
      <p className="text-muted text-sm">
        {facts.filter(({ isWarning }) => !isWarning).map(({ text }) => text)}
      </p>
    </>
  );
}

/** The text so far, and what its job is doing. */
function Unfinished({ record: { id, wordCount } }: { record: TranscriptRecord }) {
  const job = useJobs().jobs.find((one) => one.id === id);
  if (job?.status === 'failed')
    return (
      <Notice tone="danger">
        <p>
          {wordCount > 0 && 'This is the text so far. '}
          {errorSentence(job.error?.code ?? 'UNKNOWN', job.error?.details)}
        </p>
      </Notice>
    );
  const facts = job ? [stateText(job), positionText(job), remainingText(job.remainingMs)] : [];
  return (
    <Notice tone="info">
      <p className="tabular-nums">
        This is the text so far{job?.status === 'running' ? ': it grows while you read.' : '.'}
        <span className="text-muted"> {facts.filter((fact) => fact !== '').join(' · ')}</span>
      </p>
    </Notice>
  );
}
