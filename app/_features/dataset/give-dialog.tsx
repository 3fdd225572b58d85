'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useStore } from 'zustand';
import { sessionQuery } from '@/app/_features/account';
import {
  attempt,
  Button,
  buttonClass,
  Dialog,
  errorSentence,
  Notice,
  QueryProblem,
} from '@/app/_features/ui';
import { givingStore, isGiven, withdraw, withdrawAll } from '@/lib/client/dataset';
import type { ContributionRecord, TranscriptRecord } from '@/lib/client/store';
import { formatClock, isPrivateSession } from '@/lib/core';
import { GiveForm } from './give-form';
import { t } from './messages';
import { useClips, useContributions } from './use-dataset';

/** What of a transcript is given to the training set, and what could be. */
export function GiveDialog({ record, onClose }: { record: TranscriptRecord; onClose: () => void }) {
  return (
    <Dialog wide title={t('giveTitle')} onClose={onClose}>
      <div className="space-y-6 text-sm">
        {isPrivateSession() ? (
          <p>{t('privateSession')}</p>
        ) : (
          <>
            <p className="max-w-prose text-muted">{t('giveIntro')}</p>
            <ForWhoIsSignedIn record={record} />
          </>
        )}
      </div>
    </Dialog>
  );
}

function ForWhoIsSignedIn({ record }: { record: TranscriptRecord }) {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (session === undefined)
    return error ? (
      <QueryProblem error={error} onRetry={() => void refetch()} />
    ) : (
      <p role="status">{t('checkingSignIn')}</p>
    );
  if (session === null) {
    const back = encodeURIComponent(`/transcripts/${record.id}`);
    return (
      <div className="space-y-4">
        <p>{t('accountNeeded')}</p>
        <Link href={`/sign-in?callbackUrl=${back}`} className={buttonClass('primary')}>
          {t('signIn')}
        </Link>
      </div>
    );
  }
  return <Clips record={record} />;
}

function Clips({ record }: { record: TranscriptRecord }) {
  const plan = useClips(record.id);
  const contributions = useContributions();
  const error = plan.error ?? contributions.error;
  if (error)
    return (
      <QueryProblem
        error={error}
        onRetry={() => void Promise.all([plan.refetch(), contributions.refetch()])}
      />
    );
  if (!plan.data || !contributions.data) return <p role="status">{t('lookingForClips')}</p>;
  const own = contributions.data.filter(({ transcriptId }) => transcriptId === record.id);
  const taken = own.filter((one) => isGiven(one) || one.state === 'withdrawing');
  const clips = plan.data.clips.filter(
    ({ startMs, endMs }) => !taken.some((one) => one.startMs < endMs && one.endMs > startMs),
  );
  return (
    <>
      {own.length > 0 && <GivenClips transcriptId={record.id} contributions={own} />}
      {record.media !== 'kept' ? (
        <p>{t('recordingNeeded')}</p>
      ) : clips.length > 0 ? (
        <GiveForm transcriptId={record.id} clips={clips} />
      ) : (
        taken.length === 0 && <p>{t('noClips')}</p>
      )}
      {plan.data.omitted.length > 0 && (
        <details>
          <summary className="min-h-10 cursor-pointer py-2 text-muted">
            {t('omitted', { count: plan.data.omitted.length })}
          </summary>
          <ul className="mt-2 list-disc space-y-1 ps-5">
            {plan.data.omitted.map(({ startMs, text, reason }) => (
              <li key={startMs} className="[overflow-wrap:anywhere]">
                <span dir="auto">{text}</span>{' '}
                <span className="text-muted">({t(`omitted.${reason}`)})</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What was given of a transcript, how it stands, and the way to take it back. */
function GivenClips({
  transcriptId,
  contributions,
}: {
  transcriptId: string;
  contributions: readonly ContributionRecord[];
}) {
  const problem = useStore(givingStore, (state) => state.problem);
  const isWaiting = contributions.some(({ state }) => state === 'waiting');
  return (
    <section aria-label={t('given')}>
      <div className="flex items-center justify-between gap-2">
        <h3 className="min-w-0 font-medium text-base">{t('given')}</h3>
        {contributions.filter(isGiven).length > 1 && (
          <Button
            className="shrink-0"
            onClick={() => void attempt(() => withdrawAll(transcriptId))}
          >
            {t('withdrawAll')}
          </Button>
        )}
      </div>
      {isWaiting && problem && problem !== 'ABORTED' && (
        <div role="alert" className="mt-2">
          <Notice tone="warn">
            <p>{t('sendingStopped', { reason: errorSentence(problem) })}</p>
          </Notice>
        </div>
      )}
      <ul aria-label={t('given')} className="mt-2 divide-y divide-line">
        {contributions.map((one) => (
          <GivenRow key={one.id} contribution={one} />
        ))}
      </ul>
    </section>
  );
}

function GivenRow({ contribution }: { contribution: ContributionRecord }) {
  const { id, startMs, text } = contribution;
  const isSending = useStore(givingStore, ({ sending }) => sending === id);
  return (
    <li className="flex items-center gap-x-3 py-2">
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block [overflow-wrap:anywhere]">
          {text}
        </span>
        <span role="status" className="block text-muted">
          {stateText(contribution, isSending)}
        </span>
      </span>
      {isGiven(contribution) && (
        <Button
          aria-label={t('withdrawClip', { time: formatClock(startMs) })}
          onClick={() => void attempt(() => withdraw(id))}
        >
          {t('withdraw')}
        </Button>
      )}
    </li>
  );
}

function stateText({ state, refusal }: ContributionRecord, isSending: boolean): string {
  if (state === 'waiting' && isSending) return t('state.sending');
  if (state === 'refused' && refusal) return `${t('state.refused')}: ${t(`refusal.${refusal}`)}`;
  return t(`state.${state}`);
}
