'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { memo, useId } from 'react';
import { formatDuration } from '@/lib/core/time';
import type { ElsewhereRecord } from '@/lib/store/schema';
import { deleteFromAll } from '../../_state/commands';
import { formatCount, formatDate } from '../../_state/format';
import { IconButton } from '../ui/button';

/** One transcript of another device, in the library. */
export const ElsewhereRow = memo(function ElsewhereRow({ record }: { record: ElsewhereRecord }) {
  const { id, title, createdAt, durationMs, wordCount } = record;
  const titleId = useId();
  const factsId = useId();
  const facts = [formatDate(createdAt), formatDuration(durationMs), formatCount(wordCount, 'word')];
  return (
    <li className="flex items-start gap-2 py-3">
      <div className="min-w-0 flex-1">
        <Link
          id={titleId}
          href={`/transcripts/${id}`}
          aria-describedby={factsId}
          className="inline-block max-w-full py-1 text-muted underline decoration-transparent underline-offset-4 hover:text-ink hover:decoration-accent"
        >
          {title}
        </Link>
        <p id={factsId} className="text-muted text-sm tabular-nums">
          {facts.join(' · ')} · On another device
        </p>
      </div>
      <IconButton
        label="Delete"
        aria-describedby={titleId}
        onClick={() => void deleteFromAll(id, title)}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </li>
  );
});
