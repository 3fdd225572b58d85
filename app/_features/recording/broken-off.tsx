'use client';

import Link from 'next/link';
import { useStore } from 'zustand';
import { useTranscript } from '@/app/_features/library';
import { buttonClass, Notice } from '@/app/_features/ui';
import { brokenRecording, rememberRecording } from '@/lib/client/recording';
import { t } from './messages';

/** After a reload in the middle of a recording: that it was kept, and where it is. */
export function BrokenOff() {
  const id = useStore(brokenRecording, (state) => state.id);
  return id === null ? null : <Kept id={id} />;
}

function Kept({ id }: { id: string }) {
  const { data: record } = useTranscript(id);
  // nothing was said yet when it broke off, or it was deleted since
  if (!record) return null;
  const isSaved = record.media === 'kept';
  return (
    <Notice tone="info">
      <div className="flex flex-wrap items-center justify-between gap-3" role="status">
        <p className="min-w-0 flex-1 basis-56">
          {isSaved ? t('endedKept', { title: record.title }) : t('endedSaving')}
        </p>
        {isSaved && (
          <Link
            href={`/transcripts/${id}`}
            className={buttonClass('primary')}
            onClick={() => rememberRecording(null)}
          >
            {t('openRecording')}
          </Link>
        )}
      </div>
    </Notice>
  );
}
