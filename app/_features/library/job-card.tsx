'use client';

import { memo, useId } from 'react';
import { errorText, formatBytes, remainingText } from '@/app/_features/ui';
import type { JobView } from '@/lib/client/jobs';
import { directionOfText } from '@/lib/core';
import { JobButtons } from './job-buttons';
import { donePercent, positionText, progressText, stateText } from './job-facts';
import { t } from './messages';

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
        <div className="flex flex-wrap items-center gap-1 sm:-mx-2 max-sm:[&>:not(.border):first-child]:-ms-3">
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
