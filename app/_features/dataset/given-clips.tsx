'use client';

import { useStore } from 'zustand';
import { attempt, Button, errorSentence, Notice } from '@/app/_features/ui';
import { givingStore, isGiven, withdraw, withdrawAll } from '@/lib/client/dataset';
import type { ContributionRecord } from '@/lib/client/store';
import { formatClock } from '@/lib/core';
import { t } from './messages';

/** What was given of a transcript, how it stands, and the way to take it back. */
export function GivenClips({
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
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium text-base">{t('given')}</h3>
        {contributions.filter(isGiven).length > 1 && (
          <Button onClick={() => void attempt(() => withdrawAll(transcriptId))}>
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
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span dir="auto" className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
        {text}
      </span>
      <span role="status" className="text-muted">
        {stateText(contribution, isSending)}
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
