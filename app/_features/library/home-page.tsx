'use client';

import { useQuery } from '@tanstack/react-query';
import { Mic } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { ModelLine } from '@/app/_features/models';
import { Button, keepFocus } from '@/app/_features/ui';
import { DropRegion } from './drop-region';
import { JobList } from './job-list';
import { Library } from './library';
import { useHasJobs } from './use-jobs';
import { elsewhereQuery, transcriptsQuery } from './use-library';

/** Choose recordings, watch the queue, find what is done. */
export function HomePage() {
  const router = useRouter();
  const hasJobs = useHasJobs();
  const { data: records, isError } = useQuery(transcriptsQuery);
  const { data: elsewhere } = useQuery(elsewhereQuery);
  useEffect(() => {
    void getApp().warmUp();
  }, []);
  const lists = useRef<HTMLDivElement>(null);
  useEffect(() => (lists.current ? keepFocus(lists.current) : undefined), []);
  // a library that cannot be read is not an empty one
  const inUse = hasJobs || isError || (records?.length ?? 0) + (elsewhere?.length ?? 0) > 0;
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <div className="space-y-6">
        <div>
          <h1 className={inUse ? 'text-2xl sm:text-3xl' : 'text-3xl sm:text-4xl'}>
            Speech to text, on this device
          </h1>
          {!inUse && (
            <p className="mt-3 max-w-prose text-muted">
              Interviews, lectures, meetings and memos become text that you can search, listen to
              word by word and take away as a file.
            </p>
          )}
        </div>
        <DropRegion compact={inUse} />
        <ModelLine />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button icon={<Mic aria-hidden size={18} />} onClick={() => router.push('/record')}>
            Record
          </Button>
          <p className="text-muted text-sm">
            A microphone, a call or a tab: read it while it is said.
          </p>
        </div>
        {!inUse && <FirstSteps />}
      </div>
      <div ref={lists} className="space-y-10">
        <JobList />
        <Library />
      </div>
    </div>
  );
}

const STEPS = [
  ['Add', 'One recording or a whole folder: audio or video, of any length.'],
  [
    'Read along',
    'The text grows while the file is being worked on. Close the tab and come back: it goes on.',
  ],
  ['Use it', 'Press a word to hear it, find a place, export text, subtitles or JSON.'],
] as const;

/** What happens here, for one who comes for the first time. */
function FirstSteps() {
  return (
    <ol className="grid gap-x-8 gap-y-5 sm:grid-cols-3">
      {STEPS.map(([name, what], at) => (
        <li key={name} className="grid grid-cols-[1.75rem_1fr] text-sm">
          <span aria-hidden className="font-serif text-2xl text-accent leading-none">
            {at + 1}
          </span>
          <span>
            <span className="block font-medium">{name}</span>
            <span className="text-muted">{what}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
