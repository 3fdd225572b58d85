'use client';

import { Bookmark } from 'lucide-react';
import { formatCount } from '@/app/_features/ui';
import { formatClock } from '@/lib/core';
import { useRecording } from './use-recording';

/** The moments marked so far; they can be played from on the transcript's page. */
export function Marks() {
  const marks = useRecording((state) => state.marks);
  if (marks.length === 0) return null;
  return (
    <section aria-label="Marks">
      <p role="status" className="mb-2 text-muted text-sm">
        {formatCount(marks.length, 'mark')}: to be found on the page of the transcript.
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
