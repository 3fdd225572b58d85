'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';
import { AccountEntry, useSession } from '@/app/_features/account';
import { donePercent, useJobs } from '@/app/_features/library';
import { useRecording } from '@/app/_features/recording';
import { formatPercent } from '@/app/_features/ui';
import type { RecordingState } from '@/lib/client/recording';
import { formatClock } from '@/lib/core';
import { t } from './messages';

const PLACES = [
  { href: '/', name: 'library' },
  { href: '/models', name: 'models' },
  { href: '/settings', name: 'settings' },
] as const;

/** Only where there are accounts; a small screen has room for it in the account's menu alone. */
const DATASET = { href: '/dataset', name: 'trainingSet' } as const;

/** The name of the app, the places there are, and how the queue is doing. */
export function Header() {
  const here = usePathname();
  const session = useSession();
  const [library, models, settings] = PLACES;
  const places = session ? [library, models, DATASET, settings] : PLACES;
  return (
    <header className="group mx-auto flex w-full max-w-4xl flex-wrap items-center gap-x-4 px-4 py-3 max-[26rem]:gap-x-0 sm:px-6 sm:py-4">
      <Link href="/" className="flex min-h-10 items-center gap-2.5 font-semibold tracking-tight">
        <Mark />
        {/* beside an account entry, a small screen has room for the mark alone */}
        <span className="max-[26rem]:group-has-data-account:sr-only">AI2Text</span>
      </Link>
      <RecordingTitle />
      {here !== '/record' && <RecordingIndicator />}
      {here !== '/' && <QueueGlance />}
      <nav aria-label={t('main')} className="ms-auto flex gap-1 max-[26rem]:gap-0">
        {places.map(({ href, name }) => (
          <Link
            key={href}
            href={href}
            aria-current={here === href ? 'page' : undefined}
            className={`${href === DATASET.href ? 'hidden sm:inline-flex' : 'inline-flex'} min-h-10 items-center rounded-lg px-2 text-muted text-sm hover:bg-sunken hover:text-ink max-[26rem]:px-1 sm:px-3 aria-[current=page]:font-medium aria-[current=page]:text-ink`}
          >
            {t(name)}
          </Link>
        ))}
      </nav>
      <AccountEntry />
    </header>
  );
}

/** The app's mark: a sound that turns into lines of text. */
function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 64 64" className="size-8">
      <rect width="64" height="64" rx="15" fill="var(--accent)" />
      <g stroke="var(--on-accent)" strokeWidth="4.5" strokeLinecap="round">
        <path d="M13 28v8M21 20v24M29 25v14M38 23h13M38 32h13M38 41h8" />
      </g>
    </svg>
  );
}

/** On pages without the queue: how much of it is left, and the way there. */
function QueueGlance() {
  const { jobs } = useJobs();
  const running = jobs.find((job) => job.status === 'running');
  if (!running) return null;
  const waiting = jobs.filter((job) => job.status === 'queued').length;
  const percent = donePercent(running);
  return (
    <Link
      href="/"
      className="inline-flex min-h-10 items-center rounded-lg px-2 text-muted text-sm tabular-nums hover:bg-sunken hover:text-ink"
    >
      {[
        t('transcribing'),
        ...(percent === null ? [] : [formatPercent(percent)]),
        ...(waiting > 0 ? [t('waiting', { waiting })] : []),
      ].join(' · ')}
    </Link>
  );
}

/** The name of the app, above what someone else has shared. */
export function GuestHeader() {
  return (
    <header className="mx-auto flex w-full max-w-4xl items-center px-4 py-3 sm:px-6 sm:py-4">
      {/* no link of the router: that would load the library's page beside the shared one */}
      <a href="/" className="flex min-h-10 items-center gap-2.5 font-semibold tracking-tight">
        <Mark />
        AI2Text
      </a>
    </header>
  );
}

/** Whole seconds: it is drawn once for each. */
const seconds = ({ elapsedMs }: RecordingState) => Math.floor(elapsedMs / 1000);
const phaseOf = ({ phase }: RecordingState) => phase;

/** Seen in a row of tabs that are too narrow for a word. */
const TITLE_MARKS = {
  starting: '',
  recording: '● ',
  paused: '❚❚ ',
  interrupted: '❚❚ ',
  finishing: '',
} as const;

/** While something is recorded: the tab's title says so, whatever page is open. */
function RecordingTitle() {
  const phase = useRecording(phaseOf);
  useEffect(
    () => (phase === 'idle' ? undefined : prefixTitle(`${TITLE_MARKS[phase]}${t(phase)} · `)),
    [phase],
  );
  return null;
}

/** On every other page: that a recording is running, and a link to it. */
function RecordingIndicator() {
  const phase = useRecording(phaseOf);
  const elapsed = useRecording(seconds);
  if (phase === 'idle') return null;
  return (
    <Link
      href="/record"
      className="inline-flex min-h-10 items-center gap-2 rounded-lg px-2 text-sm tabular-nums hover:bg-sunken"
    >
      <span
        aria-hidden
        className={`size-2.5 rounded-full ${phase === 'recording' ? 'bg-(--danger)' : 'bg-line-strong'}`}
      />
      {t(phase)} · {formatClock(elapsed * 1000)}
    </Link>
  );
}

/**
 * Puts a text in front of the tab's title, whatever pages make of the title meanwhile.
 * @returns takes it away
 */
function prefixTitle(prefix: string): () => void {
  const put = () => {
    if (!document.title.startsWith(prefix)) document.title = prefix + document.title;
  };
  put();
  const observer = new MutationObserver(put);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => {
    observer.disconnect();
    if (document.title.startsWith(prefix)) document.title = document.title.slice(prefix.length);
  };
}
