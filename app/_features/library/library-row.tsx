'use client';

import Link from 'next/link';
import { memo } from 'react';
import { snippet } from '@/app/_features/ui';
import type { RemoteTranscriptRecord, SearchHit, TranscriptRecord } from '@/lib/client/store';
import { formatClock, textAttributes } from '@/lib/core';
import { deleteFromAll, deleteTranscript } from './commands';
import { t } from './messages';
import { RowFrame } from './row-frame';

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
