'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import { formatDate, formatDuration, IconButton } from '@/app/_features/ui';

import { t } from './messages';

interface Props {
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
export function RowFrame({ facts, madeAt, isRemote = false, onDelete, children }: Props) {
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
