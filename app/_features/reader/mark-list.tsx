'use client';

import { Bookmark } from 'lucide-react';
import { markName } from '@/app/_features/recording';
import { buttonClass } from '@/app/_features/ui';
import type { Mark } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { useTools } from './context';
import { t } from './messages';
import { tellFollow } from './reader-state';

/** The moments marked while it was recorded; pressed, they are played. */
export function MarkList({ marks }: { marks: readonly Mark[] }) {
  const { playback, reader } = useTools();
  if (marks.length === 0) return null;
  return (
    <section aria-label={t('marks')} className="mt-4">
      <ul className="flex flex-wrap gap-2">
        {marks.map(({ id, atMs }, at) => (
          <li key={id}>
            <button
              type="button"
              aria-label={markName(atMs, at)}
              className={`${buttonClass('plain')} tabular-nums`}
              onClick={() => {
                tellFollow(reader, 'sought');
                playback.seek(atMs);
              }}
            >
              <Bookmark aria-hidden size={16} className="text-warn" />
              {formatClock(atMs)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
