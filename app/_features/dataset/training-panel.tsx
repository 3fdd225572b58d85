'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  formatDuration,
  formatMoment,
  formatNumber,
  Panel,
  ProgressLine,
  QueryProblem,
} from '@/app/_features/ui';
import type { DatasetFigures, TrainingRun } from '@/lib/contracts';
import { t } from './messages';
import { actOnRun, startRun, useRefreshTraining, useTraining } from './training-server';

/** The training runs, and what the owner can do with them. */
export function TrainingPanel({ versions }: Pick<DatasetFigures, 'versions'>) {
  const { data, error, refetch } = useTraining();
  const refresh = useRefreshTraining();
  const [busy, setBusy] = useState(false);
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    await attempt(work);
    await refresh();
    setBusy(false);
  };
  const [newest] = versions;
  const canStart = newest && !data?.runs.some(({ version }) => version === newest.name);
  return (
    <Panel title={t('training')}>
      <div className="space-y-4">
        {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
        {data?.engine === null && <p className="text-muted text-sm">{t('noTrainer')}</p>}
        {data && data.engine !== null && (
          <>
            <p className="max-w-prose text-muted text-sm">
              {data.startsAtMs === null
                ? t('startsByHand')
                : t('startsAt', { duration: formatDuration(data.startsAtMs) })}
            </p>
            <div className="flex flex-wrap gap-2">
              {canStart && (
                <Button disabled={busy} onClick={() => void act(() => startRun(newest.name))}>
                  {t('startTraining', { version: newest.name })}
                </Button>
              )}
              {data.runs.length > 0 && (
                <Button disabled={busy} onClick={() => void act(async () => undefined)}>
                  {t('lookAgain')}
                </Button>
              )}
            </div>
          </>
        )}
        {data && data.runs.length > 0 && (
          <ul aria-label={t('trainingRuns')} className="divide-y divide-line">
            {data.runs.map((run) => (
              <RunItem key={run.id} run={run} busy={busy} act={act} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function RunItem({
  run,
  busy,
  act,
}: {
  run: TrainingRun;
  busy: boolean;
  act(work: () => Promise<unknown>): Promise<void>;
}) {
  const { version, state, newMs, message, failure, progress, logsUrl, scores, createdAt } = run;
  const isOver = state === 'done' || state === 'failed' || state === 'cancelled';
  const button = (label: string, action: Parameters<typeof actOnRun>[1]) => (
    <Button disabled={busy} onClick={() => void act(() => actOnRun(run, action))}>
      {label}
    </Button>
  );
  return (
    <li className="space-y-2 py-3 text-sm">
      <h3 className="font-medium text-base">
        {t('runTitle', { version, state: t(`run.${state}`) })}
      </h3>
      <p className="text-muted tabular-nums">
        {t('runFacts', { date: formatMoment(createdAt), duration: formatDuration(newMs) })}
      </p>
      {state === 'running' && progress !== null ? (
        <ProgressLine
          label={t('trainingOf', { version })}
          percent={100 * progress}
          hint={message ?? ''}
        />
      ) : (
        message && <p className="[overflow-wrap:anywhere]">{message}</p>
      )}
      {failure && <p>{t(`runFailure.${failure}`, { date: formatMoment(run.heardAt) })}</p>}
      {state === 'running' && (
        <p className="text-muted">{t('runHeard', { date: formatMoment(run.heardAt) })}</p>
      )}
      {scores && (
        <p className="tabular-nums">
          {t('runScores', {
            after: formatNumber(scores.afterPercent, 1),
            before: formatNumber(scores.beforePercent, 1),
            clips: scores.utterances,
            words: scores.words,
          })}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {!isOver && button(t('cancelRun', { version }), 'cancel')}
        {(state === 'failed' || state === 'cancelled') &&
          button(t('retryRun', { version }), 'retry')}
        {run.modelId !== null &&
          (run.isDefault
            ? button(t('usePrevious'), 'use-previous')
            : button(t('useTrained', { version }), 'use'))}
        {logsUrl && (
          <a
            href={logsUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-10 items-center text-accent underline underline-offset-4"
          >
            {t('runLog', { version })}
          </a>
        )}
      </div>
    </li>
  );
}
