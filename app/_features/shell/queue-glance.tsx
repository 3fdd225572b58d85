'use client';

import Link from 'next/link';
import { donePercent, useJobs } from '@/app/_features/library';
import { formatPercent } from '@/app/_features/ui';
import { t } from './messages';

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
      {[
        t('transcribing'),
        ...(percent === null ? [] : [formatPercent(percent)]),
        ...(waiting > 0 ? [t('waiting', { waiting })] : []),
      ].join(' · ')}
    </Link>
  );
}
