'use client';

import { useQuery } from '@tanstack/react-query';
import { useJobs } from '../../_hooks/use-jobs';
import { transcriptsQuery } from '../../_hooks/use-library';
import { DropRegion } from './drop-region';
import { JobList } from './job-list';
import { Library } from './library';

/** Choose recordings, watch the queue, find what is done. */
export function HomePage() {
  const { jobs } = useJobs();
  const { data: records } = useQuery(transcriptsQuery);
  const inUse = jobs.length > 0 || (records?.length ?? 0) > 0;
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div className="space-y-6">
        <div>
          <h1 className={inUse ? 'text-2xl sm:text-3xl' : 'text-3xl sm:text-4xl'}>
            Speech to text, on this device
          </h1>
          {!inUse && (
            <p className="mt-3 max-w-prose text-muted">
              Add a recording and read along while it is written down. Press a word to hear it,
              search everything, take the text away as a file.
            </p>
          )}
        </div>
        <DropRegion compact={inUse} />
      </div>
      <JobList />
      <Library />
    </div>
  );
}
