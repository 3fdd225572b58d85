'use client';

import { useQuery } from '@tanstack/react-query';
import { Mic } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { InboxNotice } from '@/app/_features/inbox';
import { ModelLine } from '@/app/_features/models';
import { Button, keepFocus } from '@/app/_features/ui';
import { AddedWithText } from './added-with-text';
import { DropRegion } from './drop-region';
import { JobList } from './job-list';
import { TranscriptLibrary } from './library';
import { t } from './messages';
import { OneRecording } from './one-recording';
import { useHasJobs } from './use-jobs';
import { remoteTranscriptsQuery, transcriptsQuery } from './use-library';
import { WatchNotice } from './watch-panel';

/** Choose recordings, watch the queue, find what is done. */
export function HomePage() {
  const router = useRouter();
  const hasJobs = useHasJobs();
  const { data: records, isError } = useQuery(transcriptsQuery);
  const { data: remote } = useQuery(remoteTranscriptsQuery);
  useEffect(() => {
    void getApp().warmUp();
  }, []);
  const lists = useRef<HTMLDivElement>(null);
  useEffect(() => (lists.current ? keepFocus(lists.current) : undefined), []);
  // a library that cannot be read is not an empty one
  const inUse = hasJobs || isError || (records?.length ?? 0) + (remote?.length ?? 0) > 0;
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div className="space-y-6">
        <div>
          <h1 className={inUse ? 'text-2xl sm:text-3xl' : 'text-3xl sm:text-4xl'}>
            {t('headline')}
          </h1>
          {!inUse && <p className="mt-3 max-w-prose text-muted">{t('whatFor')}</p>}
        </div>
        <InboxNotice />
        <WatchNotice />
        <DropRegion compact={inUse} />
        <OneRecording />
        <AddedWithText />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button icon={<Mic aria-hidden size={18} />} onClick={() => router.push('/record')}>
            {t('record')}
          </Button>
          {!inUse && <p className="text-muted text-sm">{t('recordHint')}</p>}
        </div>
        <ModelLine />
        {!inUse && <FirstSteps />}
      </div>
      <div ref={lists} className="space-y-10">
        <JobList />
        <TranscriptLibrary />
      </div>
    </div>
  );
}

const STEPS = ['add', 'readAlong', 'useIt'] as const;

/** What happens here, for first-time visitors. */
function FirstSteps() {
  return (
    <ol className="grid gap-x-8 gap-y-5 sm:grid-cols-3">
      {STEPS.map((step, at) => (
        <li key={step} className="grid grid-cols-[1.75rem_1fr] text-sm">
          <span aria-hidden className="font-serif text-2xl text-accent leading-none">
            {at + 1}
          </span>
          <span>
            <span className="block font-medium">{t(step)}</span>
            <span className="text-muted">{t(`${step}.hint`)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
