'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { LibrarySize, OfferList } from '@/app/_features/account';
import { queryKeys, useLibraryBytes, useStorageFacts } from '@/app/_features/app';
import { transcriptsQuery } from '@/app/_features/library';
import { attempt, Button, formatBytes, Panel, QueryProblem, showToast } from '@/app/_features/ui';
import { askToPersist } from '@/lib/client/store';
import { KeptRecordings } from './kept-recordings';
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

  const protect = () =>
    attempt(async () => {
      const granted = await askToPersist();
      await client.invalidateQueries({ queryKey: queryKeys.storage });
      if (!granted)
        showToast({
          text: t('notPersisted'),
        });
    });

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
            <Button onClick={() => void protect()}>{t('protectStorage')}</Button>
          </>
        )}
      </div>
      {records && <LibrarySize count={records.length} bytes={libraryBytes} />}
      <OfferList />
      <KeptRecordings records={records ?? []} />
    </Panel>
  );
}
