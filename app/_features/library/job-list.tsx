'use client';

import { Button, errorText, Notice, Panel } from '@/app/_features/ui';
import { JobCard } from './job-card';
import { queueText } from './job-facts';
import { t } from './messages';
import { useJobs } from './use-jobs';

/** The queue: what runs, what waits and what stopped. Not there while it is empty. */
export function JobList() {
  const { jobs, problem } = useJobs();
  if (problem !== null && problem.code !== 'STORE_BLOCKED') {
    const { happened, next } = errorText(problem.code);
    return (
      <div role="alert">
        <Notice tone="danger">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-56">
              {happened} {next}
            </p>
            <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
          </div>
        </Notice>
      </div>
    );
  }
  if (jobs.length === 0) return null;
  return (
    <Panel
      title={t('inProgress')}
      aside={<p className="text-muted text-sm tabular-nums">{queueText(jobs)}</p>}
    >
      <ul aria-label={t('jobs')} className="space-y-3">
        {jobs.map((job, at) => (
          <li key={job.id}>
            <JobCard
              job={job}
              // past a stopped job too: what is above that one is reached step by step
              canMoveUp={at > 0 && jobs[at - 1]?.status !== 'running'}
              canMoveDown={at < jobs.length - 1}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
