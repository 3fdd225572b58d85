'use client';

import Link from 'next/link';
import { donePercent, useJobs } from '@/app/_features/library';

/** On pages without the queue: how much of it is left, and the way there. */
export function QueueGlance() {
  const { jobs } = useJobs();
  const running = jobs.find((job) => job.status === 'running');
  if (!running) return null;
  const waiting = jobs.filter((job) => job.status === 'queued').length;
  const percent = donePercent(running);
  return (
    <Link
      href="/"
      className="inline-flex min-h-10 items-center rounded-lg px-2 text-muted text-sm tabular-nums hover:bg-sunken hover:text-ink"
    >
      Transcribing{percent === null ? '' : ` · ${percent} %`}
      {waiting > 0 && ` · ${waiting} waiting`}
    </Link>
  );
}
