'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { memo, useId } from 'react';
import { formatClock, formatDuration } from '@/lib/core/time';
import type { TranscriptRecord } from '@/lib/store/schema';
import type { SearchHit } from '@/lib/store/transcripts';
import { deleteTranscript } from '../../_state/commands';
import { formatCount, formatDate, snippet } from '../../_state/format';
import { IconButton } from '../ui/button';

interface Props {
  record: TranscriptRecord;
  hit: SearchHit | null;
  query: string;
}

/** One transcript of the library, with the place where a search found something. */
export const LibraryRow = memo(function LibraryRow({ record, hit, query }: Props) {
  const { id, title, createdAt, durationMs, wordCount } = record;
  const titleId = useId();
  const facts = [formatDate(createdAt), formatDuration(durationMs), formatCount(wordCount, 'word')];
  return (
    <li className="flex items-start gap-2 py-3">
      <div className="min-w-0 flex-1">
        <Link
          id={titleId}
          href={`/transcripts/${id}`}
          prefetch
          className="inline-block max-w-full py-1 font-medium underline decoration-transparent underline-offset-4 hover:decoration-accent"
        >
          {title}
        </Link>
        <p className="text-muted text-sm tabular-nums">{facts.join(' · ')}</p>
        {hit !== null && hit.startMs !== null && (
          <Snippet id={id} startMs={hit.startMs} text={hit.text} query={query} count={hit.count} />
        )}
      </div>
      <IconButton
        label="Delete"
        aria-describedby={titleId}
        onClick={() => void deleteTranscript(id, title)}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </li>
  );
});

function Snippet(hit: { id: string; startMs: number; text: string; query: string; count: number }) {
  const found = snippet(hit.text, hit.query);
  if (!found) return null;
  return (
    <p className="mt-1 text-sm">
      <Link
        href={`/transcripts/${hit.id}?t=${hit.startMs}`}
        className="block rounded-lg bg-sunken px-3 py-2 hover:bg-accent-soft"
      >
        <span className="mr-2 text-muted tabular-nums">{formatClock(hit.startMs)}</span>
        {found.before}
        <mark className="rounded-sm bg-mark text-ink">{found.match}</mark>
        {found.after}
      </Link>
      {hit.count > 1 && (
        <span className="mt-1 block text-muted">{`and in ${formatCount(hit.count - 1, 'more place', 'more places')}`}</span>
      )}
    </p>
  );
}
