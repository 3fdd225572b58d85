'use client';

import { Bookmark } from 'lucide-react';
import { formatClock } from '@/lib/core';
import { t } from './messages';
import { useRecording } from './use-recording';

/** The moments marked so far; they can be played from on the transcript's page. */
export function Marks() {
  const marks = useRecording((state) => state.marks);
  if (marks.length === 0) return null;
  return (
    <section aria-label={t('marks')}>
      <p role="status" className="mb-2 text-muted text-sm">
        {t('marksMade', { count: marks.length })}
      </p>
      <ul className="flex flex-wrap gap-2">
        {marks.map(({ id, atMs }) => (
          <li
            key={id}
            className="inline-flex items-center gap-1.5 rounded-full border border-line bg-surface px-3 py-1 text-sm tabular-nums"
          >
            <Bookmark aria-hidden size={14} className="text-accent" />
            {formatClock(atMs)}
          </li>
        ))}
      </ul>
    </section>
  );
}
