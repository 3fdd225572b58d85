'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import {
  attempt,
  Button,
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  Panel,
  ProgressLine,
  QueryProblem,
} from '@/app/_features/ui';
import { callServer } from '@/lib/client/http';
import {
  type DatasetFigures,
  type DatasetVersion,
  type PublishAnswer,
  type TrainingRun,
  trainingApi,
} from '@/lib/contracts';
import { t } from './messages';
import { publishVersion, useRefreshDataset, versionFileUrl } from './use-dataset';

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
            <div className="flex flex-wrap gap-2 empty:hidden">
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

/** Under that of the training set: publishing a version may start a run. */
const RUNS_KEY = [...queryKeys.dataset, 'training'];

/** The training runs of this server, for its owner. */
function useTraining() {
  return useQuery({
    queryKey: RUNS_KEY,
    queryFn: ({ signal }) =>
      callServer('GET', trainingApi.list.path, { schema: trainingApi.list.answer, signal }),
    staleTime: 0,
  });
}

/** Reads the runs again. */
function useRefreshTraining(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: RUNS_KEY }), [client]);
}

/** Starts the run of a version. */
const startRun = (version: string): Promise<TrainingRun> =>
  callServer('POST', trainingApi.start.path, {
    body: { version },
    schema: trainingApi.start.answer,
  });

/** Cancels a run, starts it again, or puts its model in use or out of it. */
const actOnRun = (
  { id }: TrainingRun,
  action: 'cancel' | 'retry' | 'use' | 'use-previous',
): Promise<TrainingRun> =>
  callServer('POST', `${trainingApi.list.path}/${id}`, {
    body: { action },
    schema: trainingApi.act.answer,
  });

/** The published versions, what is new since the last, and the way to publish it. */
export function VersionsPanel({
  dataset: { unpublished, versions, publishing },
  isOwner,
}: {
  dataset: DatasetFigures;
  isOwner: boolean;
}) {
  const { clips, durationMs, withdrawn } = unpublished;
  return (
    <Panel title={t('versions')}>
      <div className="space-y-4">
        {versions.length > 0 && (
          <p>{t('unpublished', { clips, duration: formatDuration(durationMs), withdrawn })}</p>
        )}
        {isOwner ? (
          <Publish publishing={publishing} />
        ) : (
          <p className="text-muted text-sm">{t('ownerPublishes')}</p>
        )}
        {versions.length === 0 && <p className="text-muted text-sm">{t('noVersions')}</p>}
        <ul aria-label={t('versions')} className="divide-y divide-line">
          {versions.map((version) => (
            <VersionItem key={version.name} version={version} isOwner={isOwner} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function Publish({ publishing }: Pick<DatasetFigures, 'publishing'>) {
  const refresh = useRefreshDataset();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<PublishAnswer | null>(null);
  const publish = async () => {
    setBusy(true);
    setAnswer(null);
    await attempt(async () => setAnswer(await publishVersion()));
    await refresh();
    setBusy(false);
  };
  return (
    <div>
      <p className="mb-3 max-w-prose text-muted text-sm">{t('publishHint')}</p>
      <Button
        tone="primary"
        disabled={busy || (publishing !== null && !publishing.isInterrupted)}
        onClick={() => void publish()}
      >
        {t('publish')}
      </Button>
      <p role="status" className="mt-2 text-sm">
        {!publishing && (busy ? t('publishing') : answer && answerText(answer))}
      </p>
      {publishing && (
        <ProgressLine
          label={t('publishingOf', { name: publishing.name })}
          percent={100 * publishing.progress}
          hint={publishing.isInterrupted ? t('publishingInterrupted') : t('publishingGoesOn')}
        />
      )}
    </div>
  );
}

function answerText({ state, version }: PublishAnswer): string | null {
  // the list has it by now
  if (state === 'publishing') return null;
  if (!version) return t('nothingToPublish');
  return t(state, { name: version.name });
}

function VersionItem({ version, isOwner }: { version: DatasetVersion; isOwner: boolean }) {
  const { name, at, durationMs, clips, speakers, withdrawn, splits, files, sha256 } = version;
  return (
    <li className="py-3 text-sm">
      <h3 className="font-medium text-base">{name}</h3>
      <p className="text-muted tabular-nums">
        {t('versionFacts', {
          date: formatMoment(at),
          duration: formatDuration(durationMs),
          clips,
          speakers,
        })}
      </p>
      <p className="text-muted tabular-nums">
        {t('splits', {
          train: formatDuration(splits.train.durationMs),
          dev: formatDuration(splits.dev.durationMs),
          test: formatDuration(splits.test.durationMs),
        })}{' '}
        {withdrawn > 0 && t('versionWithdrawn', { count: withdrawn })}
      </p>
      <details>
        <summary className="min-h-10 cursor-pointer py-2">
          {t('files', { count: files.length, name })}
        </summary>
        <p className="text-muted [overflow-wrap:anywhere]">{t('versionHash', { sha256 })}</p>
        <ul className="mt-1">
          {files.map(({ path, sizeBytes }) => (
            <li key={path} className="flex flex-wrap items-center justify-between gap-x-3">
              {isOwner ? (
                <a
                  href={versionFileUrl(name, path)}
                  download
                  className="inline-flex min-h-10 items-center text-accent underline underline-offset-4"
                >
                  {path}
                </a>
              ) : (
                path
              )}
              <span className="text-muted tabular-nums">{formatBytes(sizeBytes)}</span>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
