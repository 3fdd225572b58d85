'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LibrarySize, OfferList } from '@/app/_features/account';
import { useLibraryBytes, useStorageFacts } from '@/app/_features/app';
import { momentsOfNamesakes, transcriptsQuery } from '@/app/_features/library';
import {
  Button,
  Dialog,
  focusMain,
  formatBytes,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { isolated } from '@/lib/core';
import { deleteRecording, protectStorage } from './commands';
import { t } from './messages';

/** What the library takes up, whether it is safe, and which recordings could go. */
export function StoragePanel() {
  const client = useQueryClient();
  const { data: facts, error, refetch } = useStorageFacts();
  const { data: records } = useQuery(transcriptsQuery);
  const { data: libraryBytes } = useLibraryBytes();
  if (!facts)
    return (
      <Panel split title={t('storage')}>
        {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
      </Panel>
    );
  const { usedBytes, quotaBytes, persisted } = facts;

  return (
    <Panel split title={t('storage')}>
      {usedBytes !== null && quotaBytes !== null && quotaBytes > 0 && (
        <>
          <p className="text-sm tabular-nums">
            {t('usedAndFree', {
              used: formatBytes(usedBytes),
              free: formatBytes(Math.max(0, quotaBytes - usedBytes)),
            })}
          </p>
          <div className="mt-2 h-2 overflow-hidden rounded-full border border-line bg-sunken">
            <div
              className="h-full bg-accent"
              style={{ width: `${Math.min(100, (usedBytes / quotaBytes) * 100)}%` }}
            />
          </div>
        </>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-3 text-sm">
        {persisted ? (
          <p>{t('persisted')}</p>
        ) : (
          <>
            <p className="min-w-0 flex-1 basis-64">{t('mayBeCleared')}</p>
            <Button onClick={() => void protectStorage(client)}>{t('protectStorage')}</Button>
          </>
        )}
      </div>
      {records && <LibrarySize count={records.length} bytes={libraryBytes} />}
      <OfferList />
      <KeptRecordings records={records ?? []} />
    </Panel>
  );
}

/** Shown at first: enough to find what fills the disk. */
const SHOWN = 5;

/** The biggest recordings kept for playback; each can go while its text stays. */
function KeptRecordings({ records }: { records: TranscriptRecord[] }) {
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<TranscriptRecord | null>(null);
  // an unfinished job still needs its recording
  const kept = records
    .filter(({ media, state }) => media === 'kept' && state === 'complete')
    .sort((a, b) => keptBytes(b) - keptBytes(a));
  if (kept.length === 0) return null;
  const moments = momentsOfNamesakes(kept);

  const remove = async (record: TranscriptRecord) => {
    const { id, title } = record;
    setAsked(null);
    if (!(await deleteRecording(id))) return;
    // the row goes away with the button that has the focus
    focusMain();
    showToast({
      text: t('freed', { bytes: formatBytes(keptBytes(record)), title: isolated(title) }),
    });
  };

  return (
    <div className="mt-6">
      <h3 className="font-medium text-sm">{t('keptForPlayback')}</h3>
      <ul aria-label={t('keptRecordings')} className="mt-1 divide-y divide-line">
        {kept.slice(0, all ? kept.length : SHOWN).map((record) => (
          <li key={record.id} className="flex flex-wrap items-center gap-x-3 py-1.5 text-sm">
            <span
              id={`kept-${record.id}`}
              className="min-w-0 flex-1 basis-full truncate sm:basis-0"
            >
              <bdi>{record.title}</bdi>
              {moments.has(record.id) && (
                <span className="text-muted"> · {moments.get(record.id)}</span>
              )}
            </span>
            <span className="text-muted tabular-nums">{formatBytes(keptBytes(record))}</span>
            <Button
              tone="quiet"
              aria-describedby={`kept-${record.id}`}
              onClick={() => setAsked(record)}
            >
              {t('deleteRecording')}
            </Button>
          </li>
        ))}
      </ul>
      {kept.length > SHOWN && !all && (
        <Button tone="quiet" onClick={() => setAll(true)}>
          {t('showAll', { count: kept.length })}
        </Button>
      )}
      {asked && (
        <Dialog title={t('askDeleteRecording')} onClose={() => setAsked(null)}>
          <p className="text-sm">
            {t.rich('deleteRecordingHint', {
              title: asked.title,
              bdi: (title) => <bdi>{title}</bdi>,
            })}
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{t('keepIt')}</Button>
            <Button tone="danger" onClick={() => void remove(asked)}>
              {t('deleteForGood')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** A recording with the copy that is played in its place. */
const keptBytes = ({ source, playable }: TranscriptRecord) =>
  source.sizeBytes + (playable?.sizeBytes ?? 0);
