'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useSession } from '@/app/_features/account';
import { queryKeys } from '@/app/_features/app';
import { usePageTitle } from '@/app/_features/i18n';
import {
  attempt,
  Button,
  buttonClass,
  focusMain,
  formatDate,
  formatDuration,
  formatNumber,
  Panel,
  QueryProblem,
  showToast,
  workerFailure,
} from '@/app/_features/ui';
import { callServer, serverFetch } from '@/lib/client/http';
import { adminApi, type InboxItem, type WorkStats } from '@/lib/contracts';
import { t } from './messages';

/**
 * While work goes on, the page asks again after this, in ms. A recording takes minutes, and nobody waits on it here:
 * this does not deserve a connection of its own.
 */
const REFRESH_MS = 15_000;

/** How the work of the workers stands; for the owner. */
export function AdminPage() {
  usePageTitle(t('title'));
  const session = useSession();
  const isOwner = session?.user.role === 'owner';
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.work,
    queryFn: ({ signal }) =>
      callServer('GET', '/api/admin/work', { schema: adminApi.overview.answer, signal }),
    enabled: isOwner,
    // fetched when the page becomes visible; by a timer only while it is visible and there is work
    staleTime: 0,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state: { data: last } }) =>
      last !== undefined && hasWork(last.stats) && REFRESH_MS,
  });
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">{t('title')}</h1>
      {session !== undefined && !isOwner && (
        <div className="space-y-4">
          <p>{t('forOwner')}</p>
          {session === null && (
            <Link href="/sign-in?callbackUrl=%2Fadmin" className={buttonClass('primary')}>
              {t('signIn')}
            </Link>
          )}
        </div>
      )}
      {error && !data && <QueryProblem error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <StatsPanel stats={data.stats} />
          <WorkersPanel workers={data.stats.workers} />
          <RecordingsPanel items={data.items} />
        </>
      )}
    </div>
  );
}

const hasWork = ({ waiting, leased }: WorkStats) => waiting + leased > 0;

function StatsPanel({ stats }: { stats: WorkStats }) {
  const { oldestWaitingS } = stats;
  const rows = [
    [t('waiting'), stats.waiting],
    [t('leased'), stats.leased],
    [t('failed'), stats.failed],
    [t('done'), stats.done],
    [
      t('oldest'),
      oldestWaitingS === null ? t('nothingWaits') : formatDuration(oldestWaitingS * 1000),
    ],
  ] as const;
  return (
    <Panel split title={t('state')}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="tabular-nums">
              {typeof value === 'number' ? formatNumber(value) : value}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function WorkersPanel({ workers }: Pick<WorkStats, 'workers'>) {
  return (
    <Panel split title={t('workers')}>
      {workers.length === 0 && (
        <div className="space-y-2 text-sm text-muted">
          <p>{t('noWorkers')}</p>
          <p>{t('noWorkersHint')}</p>
        </div>
      )}
      <ul aria-label={t('workers')} className="divide-y divide-line text-sm">
        {workers.map(({ id, name, lastSeenAt }) => (
          <li key={id} className="py-2 [overflow-wrap:anywhere]">
            {name}
            <span className="block text-muted">
              {t('lastSeen', { date: formatDate(lastSeenAt) })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RecordingsPanel({ items }: { items: readonly InboxItem[] }) {
  return (
    <Panel split title={t('recordings')}>
      {items.length === 0 && <p className="text-sm text-muted">{t('noRecordings')}</p>}
      <ul aria-label={t('recordings')} className="divide-y divide-line text-sm">
        {items.map((item) => (
          <RecordingItem key={item.id} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function RecordingItem({ item: { id, name, state, error } }: { item: InboxItem }) {
  const queries = useQueryClient();
  const act = async (what: 'retry' | 'drop', text: string) => {
    const done = await attempt(() => serverFetch('POST', `/api/admin/work/${id}/${what}`));
    await queries.invalidateQueries({ queryKey: queryKeys.work });
    // the row may go away with the button that has the focus
    focusMain();
    if (done) showToast({ text });
  };
  const stateText = { waiting: t('waiting'), leased: t('leased'), failed: t('failed') };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span className="min-w-0 flex-1 basis-full [overflow-wrap:anywhere] sm:basis-0">
        {name}
        <span className="block text-muted">
          {state in stateText && stateText[state as keyof typeof stateText]}
        </span>
        {error !== null && (
          <>
            <span className="block text-danger">{workerFailure(error.code)}</span>
            <span className="block text-muted">{t('reported', { message: error.message })}</span>
          </>
        )}
      </span>
      {state === 'failed' && (
        <Button
          aria-label={t('retryOf', { name })}
          onClick={() => void act('retry', t('retried', { name }))}
        >
          {t('retry')}
        </Button>
      )}
      <Button
        aria-label={t('dropOf', { name })}
        onClick={() => void act('drop', t('dropped', { name }))}
      >
        {t('drop')}
      </Button>
    </li>
  );
}
