'use client';

import {
  ArrowDown,
  ArrowUp,
  AudioLines,
  BookOpen,
  Mic,
  Pause,
  Play,
  RotateCcw,
  X,
} from 'lucide-react';
import Link from 'next/link';
import { memo, useId, useRef } from 'react';
import {
  ACCEPT,
  Button,
  buttonClass,
  CopyReport,
  errorText,
  formatBytes,
  IconButton,
  remainingText,
} from '@/app/_features/ui';
import type { JobView } from '@/lib/client/jobs';
import { directionOfText } from '@/lib/core';
import { cancelJob, moveJob, pauseJob, resumeJob, retryJob } from './commands';
import {
  canChooseTrack,
  canRetry,
  donePercent,
  failureReport,
  positionText,
  progressText,
  stateText,
} from './job-facts';
import { t } from './messages';

interface JobButtonsProps {
  job: JobView;
  /** The id of the element with the file's name: many jobs have buttons of the same names. */
  describedBy: string;
  canMoveUp: boolean;
  canMoveDown: boolean;
}

/** What can be done with a job in the state it is in. */
function JobButtons({ job, describedBy, canMoveUp, canMoveDown }: JobButtonsProps) {
  const { id, status, hasText } = job;
  const waits = status === 'queued' || status === 'paused';
  const named = { 'aria-describedby': describedBy };
  // it is stopped where it is recorded
  if (status === 'recording')
    return (
      <Link href="/record" className={buttonClass('link')} {...named}>
        <Mic aria-hidden size={16} />
        {t('goToRecording')}
      </Link>
    );
  return (
    <>
      {hasText && (
        <Link href={`/transcripts/${id}`} prefetch className={buttonClass('link')} {...named}>
          <BookOpen aria-hidden size={16} />
          {t('readAlong')}
        </Link>
      )}
      {!hasText && canChooseTrack(job) && (
        <Link href={`/transcripts/${id}`} prefetch className={buttonClass('link')} {...named}>
          <AudioLines aria-hidden size={16} />
          {t('chooseAudioTrack')}
        </Link>
      )}
      {waits && canMoveUp && (
        <IconButton label={t('moveUp')} onClick={() => void moveJob(id, -1)} {...named}>
          <ArrowUp aria-hidden size={18} />
        </IconButton>
      )}
      {waits && canMoveDown && (
        <IconButton label={t('moveDown')} onClick={() => void moveJob(id, 1)} {...named}>
          <ArrowDown aria-hidden size={18} />
        </IconButton>
      )}
      {(status === 'running' || status === 'queued') && (
        <IconButton label={t('pause')} onClick={() => void pauseJob(id)} {...named}>
          <Pause aria-hidden size={18} />
        </IconButton>
      )}
      {status === 'paused' && (
        <Button icon={<Play aria-hidden size={16} />} onClick={() => void resumeJob(id)} {...named}>
          {t('resume')}
        </Button>
      )}
      {status === 'failed' && (
        <>
          {canRetry(job) && <Retry job={job} describedBy={describedBy} />}
          <CopyReport report={() => failureReport(job)} describedBy={describedBy} />
        </>
      )}
      <IconButton
        label={status === 'failed' ? t('remove') : t('cancel')}
        onClick={() => void cancelJob(job)}
        {...named}
      >
        <X aria-hidden size={18} />
      </IconButton>
    </>
  );
}

/** Tries again; where the recording is gone it is chosen again first. */
function Retry({ job, describedBy }: { job: JobView; describedBy: string }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        icon={<RotateCcw aria-hidden size={16} />}
        aria-describedby={describedBy}
        onClick={() => (job.needsFile ? chooser.current?.click() : void retryJob(job))}
      >
        {t('retry')}
      </Button>
      {job.needsFile && (
        <input
          ref={chooser}
          type="file"
          accept={ACCEPT}
          hidden
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file) void retryJob(job, file);
          }}
        />
      )}
    </>
  );
}

interface Props {
  job: JobView;
  canMoveUp: boolean;
  canMoveDown: boolean;
}

/** One job of the queue: a group named by its file. */
export const JobCard = memo(function JobCard({ job, canMoveUp, canMoveDown }: Props) {
  const nameId = useId();
  const facts = [stateText(job), positionText(job), remainingText(job.remainingMs)];
  const failed = job.status === 'failed';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form
    <div
      role="group"
      aria-labelledby={nameId}
      className={`rounded-xl border bg-surface px-4 py-3 ${failed ? 'border-danger/50' : 'border-line'}`}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-56">
          {failed ? (
            <Failure job={job} nameId={nameId} />
          ) : (
            <>
              <p
                id={nameId}
                dir="auto"
                className="truncate text-start font-medium"
                title={job.fileName}
              >
                {job.fileName}
              </p>
              <p className="text-muted text-sm tabular-nums">
                {[
                  ...facts,
                  job.sizeBytes === 0 || job.status === 'running' ? '' : formatBytes(job.sizeBytes),
                ]
                  .filter((fact) => fact !== '')
                  .join(' · ')}
              </p>
            </>
          )}
        </div>
        <div className="-me-2 ms-auto flex flex-wrap items-center justify-end gap-1">
          <JobButtons
            job={job}
            describedBy={nameId}
            canMoveUp={canMoveUp}
            canMoveDown={canMoveDown}
          />
        </div>
      </div>
      {job.status === 'running' && <Progress job={job} />}
      {job.status === 'running' && job.latestText !== '' && (
        <p
          dir={directionOfText([job.latestText], '')}
          className="mt-2 line-clamp-2 font-serif text-muted italic"
        >
          {job.latestText}
        </p>
      )}
    </div>
  );
});

/** The bar moves without an animation: one that never rests would slow the graphics work down. */
function Progress({ job }: { job: JobView }) {
  const percent = donePercent(job);
  return (
    <div
      role="progressbar"
      aria-label={job.fileName}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': percent })}
      aria-valuetext={progressText(job)}
      className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className="h-full origin-left rtl:origin-right rounded-full bg-accent"
        style={{ transform: `scaleX(${(percent ?? 0) / 100})` }}
      />
    </div>
  );
}

function Failure({ job, nameId }: { job: JobView; nameId: string }) {
  const code = job.error?.code ?? 'UNKNOWN';
  const { happened, next } = errorText(code, job.error?.details);
  // Retry opens the file chooser then: say so, unless the failure's own words do
  const advice = job.needsFile && code !== 'SOURCE_GONE' ? t('fileNeeded') : next;
  return (
    <div role="alert">
      <p id={nameId} className="truncate font-medium" title={job.fileName}>
        <bdi>{job.fileName}</bdi>
      </p>
      <p className="text-sm">
        <span className="text-danger">{happened}</span>
        {advice !== null && <span className="text-muted"> {advice}</span>}
      </p>
    </div>
  );
}
