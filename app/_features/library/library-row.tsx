'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { memo, type ReactNode, useId } from 'react';
import { formatDate, formatDuration, IconButton, snippet } from '@/app/_features/ui';
import type { RemoteTranscriptRecord, SearchHit, TranscriptRecord } from '@/lib/client/store';
import { formatClock, textAttributes } from '@/lib/core';
import { deleteFromAll, deleteTranscript } from './commands';
import { t } from './messages';

interface FrameProps {
  /** What is known of the transcript, wherever its words are. */
  facts: { id: string; title: string; createdAt: string; durationMs: number; wordCount: number };
  /** When it was made, where another one has its title: said to the second, and a part of its name. */
  madeAt?: string | undefined;
  /** Its words are on another device. */
  isRemote?: boolean;
  onDelete: () => void;
  children?: ReactNode;
}

/** A row of the library: the transcript's name, which leads to it, its facts, and how to delete it. */
function RowFrame({ facts, madeAt, isRemote = false, onDelete, children }: FrameProps) {
  const { id, title, createdAt, durationMs, wordCount } = facts;
  const titleId = useId();
  const factsId = useId();
  const madeAtId = useId();
  const said = [formatDuration(durationMs), t('words', { count: wordCount })];
  if (isRemote) said.push(t('onAnotherDevice'));
  return (
    <li className="flex items-start gap-2 py-3">
      <div className="min-w-0 flex-1">
        <Link
          id={titleId}
          dir="auto"
          href={`/transcripts/${id}`}
          aria-labelledby={madeAt === undefined ? undefined : `${titleId} ${madeAtId}`}
          aria-describedby={isRemote ? factsId : undefined}
          prefetch={isRemote ? null : true}
          className={`inline-block max-w-full py-1 underline decoration-transparent underline-offset-4 hover:decoration-accent ${isRemote ? 'text-muted hover:text-ink' : 'font-medium'}`}
        >
          {title}
        </Link>
        <p id={factsId} className="text-muted text-sm tabular-nums">
          <span id={madeAtId}>{madeAt ?? formatDate(createdAt)}</span>
          {['', ...said].join(' · ')}
        </p>
        {children}
      </div>
      <IconButton
        label={t('delete')}
        aria-describedby={madeAt === undefined ? titleId : `${titleId} ${madeAtId}`}
        onClick={onDelete}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </li>
  );
}

interface Props {
  record: TranscriptRecord;
  hit: SearchHit | null;
  query: string;
  madeAt: string | undefined;
}

/** One transcript of the library, with the place where a search found something. */
export const LibraryRow = memo(function LibraryRow({ record, hit, query, madeAt }: Props) {
  const { id, title } = record;
  return (
    <RowFrame facts={record} madeAt={madeAt} onDelete={() => void deleteTranscript(id, title)}>
      {hit !== null && hit.startMs !== null && (
        <Snippet
          id={id}
          startMs={hit.startMs}
          text={hit.text}
          language={record.language}
          query={query}
          count={hit.count}
        />
      )}
    </RowFrame>
  );
});

/** One transcript of another device, in the library. */
export const RemoteRow = memo(function RemoteRow({
  record,
  madeAt,
}: {
  record: RemoteTranscriptRecord;
  madeAt: string | undefined;
}) {
  const { id, title } = record;
  return (
    <RowFrame
      facts={record}
      madeAt={madeAt}
      isRemote
      onDelete={() => void deleteFromAll(id, title)}
    />
  );
});

function Snippet(hit: {
  id: string;
  startMs: number;
  text: string;
  /** BCP 47. */
  language: string;
  query: string;
  count: number;
}) {
  const found = snippet(hit.text, hit.query);
  if (!found) return null;
  return (
    <p className="mt-1 text-sm">
      <Link
        href={`/transcripts/${hit.id}?t=${hit.startMs}`}
        className="block rounded-lg bg-sunken px-3 py-2 hover:bg-accent-soft"
      >
        <span className="me-2 text-muted tabular-nums">{formatClock(hit.startMs)}</span>
        <bdi {...textAttributes([hit.text], hit.language)}>
          {found.before}
          <mark className="rounded-sm bg-mark text-ink">{found.match}</mark>
          {found.after}
        </bdi>
      </Link>
      {hit.count > 1 && (
        <span className="mt-1 block text-muted">{t('morePlaces', { count: hit.count - 1 })}</span>
      )}
    </p>
  );
}
