'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  formatBytes,
  formatDuration,
  formatMoment,
  Panel,
  ProgressLine,
} from '@/app/_features/ui';
import type { DatasetFigures, DatasetVersion, PublishAnswer } from '@/lib/contracts';
import { publishVersion, useRefreshDataset, versionFileUrl } from './dataset-server';
import { t } from './messages';

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
