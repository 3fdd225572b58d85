'use client';

import { useJobs } from '../../_hooks/use-jobs';
import { queueText } from '../../_state/job-facts';
import { errorText } from '../error-text';
import { Notice } from '../ui/notice';
import { Panel } from '../ui/panel';
import { JobCard } from './job-card';

/** The queue: what runs, what waits and what stopped. Not there while it is empty. */
export function JobList() {
  const { jobs, problem } = useJobs();
  if (problem !== null && problem.code !== 'STORE_BLOCKED') {
    const { happened, next } = errorText(problem.code);
    return (
      <Notice tone="danger">
        <p>
          {happened} {next}
        </p>
      </Notice>
    );
  }
  if (jobs.length === 0) return null;
  return (
    <Panel
      title="In progress"
      aside={<p className="text-muted text-sm tabular-nums">{queueText(jobs)}</p>}
    >
      <ul aria-label="Jobs" className="space-y-3">
        {jobs.map((job, at) => (
          <li key={job.id}>
            <JobCard
              job={job}
              canMoveUp={jobs[at - 1]?.status === 'queued' || jobs[at - 1]?.status === 'paused'}
              canMoveDown={at < jobs.length - 1}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
