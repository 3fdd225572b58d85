'use client';

import { useQuery } from '@tanstack/react-query';
import { FileAudio, Mic } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useId, useRef } from 'react';
import { getApp } from '@/app/_features/app';
import { InboxNotice } from '@/app/_features/inbox';
import { ModelLine } from '@/app/_features/models';
import {
  ACCEPT,
  Button,
  buttonClass,
  errorText,
  keepFocus,
  Notice,
  Panel,
} from '@/app/_features/ui';
import { addFiles } from './commands';
import { JobCard } from './job-card';
import { queueText } from './job-facts';
import { TranscriptLibrary } from './library';
import { t } from './messages';
import { AddedWithText, OneRecording } from './one-recording';
import { remoteTranscriptsQuery, transcriptsQuery, useHasJobs, useJobs } from './use-library';
import { WatchNotice } from './watch-panel';

/** Where recordings come in. Drops are taken by the whole window; this says so and has the chooser. */
function DropRegion({ compact }: { compact: boolean }) {
  const id = useId();
  /** Files may be chosen before React listens: those are taken when it begins to. */
  const takeEarlyFiles = useCallback((input: HTMLInputElement | null) => {
    if (input) takeFiles(input);
  }, []);
  return (
    <section
      aria-label={t('dropRegion')}
      className={`rounded-2xl border border-line-strong/60 border-dashed bg-surface px-5 text-center ${compact ? 'py-6' : 'py-10 sm:py-14'}`}
    >
      {!compact && (
        <FileAudio aria-hidden size={36} strokeWidth={1.4} className="mx-auto mb-4 text-accent" />
      )}
      <p className={`text-balance ${compact ? 'mb-3' : 'mb-5 font-serif text-xl'}`}>
        {t('dropHere')}
      </p>
      <input
        id={id}
        type="file"
        multiple
        accept={ACCEPT}
        className="peer sr-only"
        ref={takeEarlyFiles}
        onChange={(event) => takeFiles(event.target)}
      />
      <label
        htmlFor={id}
        className={`${buttonClass('primary')} peer-focus-visible:outline-2 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-2`}
      >
        {t('chooseFiles')}
      </label>
      <p className="mt-4 text-muted text-sm">{t('nothingUploaded')}</p>
    </section>
  );
}

function takeFiles(input: HTMLInputElement): void {
  const files = [...(input.files ?? [])];
  // the same file may be chosen again
  input.value = '';
  if (files.length > 0) void addFiles(files);
}

/** The queue: what runs, what waits and what stopped. Not there while it is empty. */
function JobList() {
  const { jobs, problem } = useJobs();
  if (problem !== null && problem.code !== 'STORE_BLOCKED') {
    const { happened, next } = errorText(problem.code);
    return (
      <div role="alert">
        <Notice tone="danger" isRow>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-56">
              {happened} {next}
            </p>
            <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
          </div>
        </Notice>
      </div>
    );
  }
  if (jobs.length === 0) return null;
  return (
    <Panel
      title={t('inProgress')}
      aside={<p className="text-muted text-sm tabular-nums">{queueText(jobs)}</p>}
    >
      <ul aria-label={t('jobs')} className="space-y-3">
        {jobs.map((job, at) => (
          <li key={job.id}>
            <JobCard
              job={job}
              // past a stopped job too: what is above that one is reached step by step
              canMoveUp={at > 0 && jobs[at - 1]?.status !== 'running'}
              canMoveDown={at < jobs.length - 1}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

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
        <li key={step} className="grid grid-cols-[1.75rem_minmax(0,1fr)] text-sm">
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
