'use client';

import Link from 'next/link';
import { useEffect } from 'react';
import { useRecording } from '@/app/_features/recording';
import type { RecordingState } from '@/lib/client/recording';
import { formatClock } from '@/lib/core';
import { t } from './messages';

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
export function RecordingTitle() {
  const phase = useRecording(phaseOf);
  useEffect(
    () => (phase === 'idle' ? undefined : prefixTitle(`${TITLE_MARKS[phase]}${t(phase)} · `)),
    [phase],
  );
  return null;
}

/** On every other page: that a recording is running, and a link to it. */
export function RecordingIndicator() {
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
