'use client';

import { positionText, resumeSecondPass, stateText, useJobs } from '@/app/_features/library';
import {
  firstWordsText,
  secondPassText,
  tryAgain,
  useModelChoice,
  useModelName,
} from '@/app/_features/models';
import { captureFacts } from '@/app/_features/recording';
import {
  Button,
  errorSentence,
  formatBytes,
  formatDate,
  formatDuration,
  Notice,
  remainingText,
} from '@/app/_features/ui';
import type { CaptureReport, SecondPass, TranscriptRecord } from '@/lib/client/store';
import { formatClock, isolated } from '@/lib/core';
import { t } from './messages';
import { noticeTexts } from './notice-facts';
import { TrackChoice } from './track-choice';

/** Where the text comes from, and what the reader should know of it. */
export function Facts({ record }: { record: TranscriptRecord }) {
  const { createdAt, durationMs, wordCount, source, model, notices, state, capture } = record;
  const nameOf = useModelName();
  const facts = [
    formatDate(createdAt),
    formatDuration(durationMs),
    t('words', { count: wordCount }),
    `${isolated(source.name)} (${formatBytes(source.sizeBytes)})`,
    model
      ? t('modelOnBackend', {
          model: nameOf(model.id),
          backend: model.backend === 'webgpu' ? 'WebGPU' : 'WASM',
        })
      : '',
  ];
  return (
    <div className="mt-1 space-y-3">
      <p className="text-muted text-sm [overflow-wrap:anywhere]">
        {facts.filter((fact) => fact !== '').join(' · ')}
      </p>
      <TrackChoice record={record} />
      {state === 'partial' && <Unfinished record={record} />}
      {record.secondPass && <Second record={record} pass={record.secondPass} />}
      {capture && <Capture report={capture} />}
      {noticeTexts(notices).map((text) => (
        <Notice key={text} tone="warn">
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

/** A better model's words: whether they come, and how far they are. */
function Second({ record, pass }: { record: TranscriptRecord; pass: SecondPass }) {
  const { id, model, media } = record;
  const job = useJobs().jobs.find((one) => one.id === id);
  const inUse = useModelChoice();
  const nameOf = useModelName();
  const waits = !job && pass.stopped === null;
  // it will not come: another model is chosen now, or there is no recording to read
  if (waits && (inUse?.chosen !== pass.modelId || media === 'none')) return null;
  const trouble = waits && inUse?.standIn?.kind === 'trouble' ? inUse.standIn.code : null;
  const stopped = trouble ? { problem: { code: trouble, message: '', details: {} } } : pass.stopped;
  const names = { first: model && nameOf(model.id), second: nameOf(pass.modelId) };
  const progress = job
    ? [
        stateText({ ...job, isSecondPass: false }),
        positionText(job),
        remainingText(job.remainingMs),
      ]
    : [];
  const text = secondPassText(
    { ...pass, stopped },
    names,
    progress.filter((fact) => fact !== '').join(' · '),
    formatClock,
  );
  return (
    <Notice tone={stopped?.problem ? 'warn' : 'info'}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56 tabular-nums">{text}</p>
        {stopped && (
          <Button onClick={() => void (trouble ? tryAgain(pass.modelId) : resumeSecondPass(id))}>
            {stopped.problem ? t('tryAgain') : t('resumeWith', { model: names.second })}
          </Button>
        )}
      </div>
    </Notice>
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
function Unfinished({ record: { id, wordCount, model } }: { record: TranscriptRecord }) {
  const job = useJobs().jobs.find((one) => one.id === id);
  const now = useModelChoice()?.now;
  const nameOf = useModelName();
  if (job?.status === 'failed')
    return (
      <Notice tone="danger">
        <p>
          {wordCount > 0 && `${t('textSoFar')} `}
          {errorSentence(job.error?.code ?? 'UNKNOWN', job.error?.details)}
        </p>
      </Notice>
    );
  if (job?.stage === 'loading-model' && model && now !== undefined && model.id !== now)
    return (
      <Notice tone="info">
        <p>{firstWordsText({ first: nameOf(model.id), second: nameOf(now) })}</p>
      </Notice>
    );
  const facts = job ? [stateText(job), positionText(job), remainingText(job.remainingMs)] : [];
  return (
    <Notice tone="info">
      <p className="tabular-nums">
        {job?.status === 'running' ? t('textGrows') : t('textSoFar')}
        <span className="text-muted"> {facts.filter((fact) => fact !== '').join(' · ')}</span>
      </p>
    </Notice>
  );
}
