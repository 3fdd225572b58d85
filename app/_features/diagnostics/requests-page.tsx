'use client';

import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { usePageTitle } from '@/app/_features/i18n';
import {
  Button,
  CopyReport,
  formatBytes,
  formatTimeOfDay,
  Notice,
  Panel,
} from '@/app/_features/ui';
import {
  askServiceWorker,
  listRequests,
  type RequestReason,
  requestLedger,
  type SentRequest,
} from '@/lib/client/http';
import { t } from './messages';

/** Until the page is in a browser, it has no address. */
const ownOrigin = () => globalThis.location?.origin ?? 'http://localhost';

/** The service worker is asked this often while the page is open, in ms. */
const ASKED_EVERY_MS = 2_000;

/** Every request of this visit and its reason. */
export function RequestsPage() {
  usePageTitle(t('requests'));
  const { logged, observed, blocked } = useStore(requestLedger);
  useEffect(() => {
    askServiceWorker();
    const timer = setInterval(askServiceWorker, ASKED_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const requests = useMemo(
    () => listRequests({ logged, observed }, ownOrigin()),
    [logged, observed],
  );
  const groups = useMemo(() => groupByReason(requests), [requests]);
  const others = requests.filter(({ url }) => isForeign(url, ownOrigin())).length;
  const unexplained = requests.filter(({ reason }) => reason === 'unexplained').length;
  const hosts = [...new Set(blocked.map(({ url }) => url))].join(', ');
  return (
    <div className="space-y-8 pt-2 sm:pt-6">
      <div>
        <h1 className="text-2xl sm:text-3xl">{t('requests')}</h1>
        <p className="mt-3 max-w-prose text-muted">{t('requestsIntro')}</p>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0 flex-1 basis-56 tabular-nums">
          <p className="font-medium">{t('requestCount', { count: requests.length, others })}</p>
          <p className={unexplained > 0 ? 'text-danger' : ''}>
            {t('unexplainedCount', { count: unexplained })}
          </p>
        </div>
        <div className="-mx-3.5">
          <CopyReport report={() => requestsAsText(requests)} />
        </div>
      </div>
      {blocked.length > 0 && (
        <Notice tone="warn">
          <p className="[overflow-wrap:anywhere]">
            {t('blockedCount', { count: blocked.length, hosts })}
          </p>
        </Notice>
      )}
      {groups.length === 0 && <p className="text-muted">{t('noRequests')}</p>}
      {groups.length > 0 && (
        <ul className="divide-y divide-line border-line border-y">
          {groups.map((group) => (
            <li key={group.reason}>
              <Group group={group} />
            </li>
          ))}
        </ul>
      )}
      <Panel title={t('whatCannotBeSeen')}>
        <p className="text-sm">{t('cannotSee')}</p>
        <p className="mt-3 text-sm">{t('howHeld')}</p>
      </Panel>
    </div>
  );
}

/** Shown of a group at first: the latest. */
const SHOWN = 20;

function Group({ group: { label, requests, reason } }: { group: RequestGroup }) {
  const [all, setAll] = useState(false);
  return (
    <details open={reason === 'unexplained'}>
      <summary className="min-h-10 cursor-pointer py-2.5">
        <span className="font-medium">{label}</span>{' '}
        <span className="text-muted text-sm tabular-nums">{requests.length}</span>
      </summary>
      <ul className="divide-y divide-line pb-3">
        {requests.slice(0, all ? requests.length : SHOWN).map((request) => (
          <li key={`${request.atMs} ${request.url}`} className="py-2 text-sm">
            <Request request={request} />
          </li>
        ))}
      </ul>
      {requests.length > SHOWN && !all && (
        <Button tone="quiet" onClick={() => setAll(true)}>
          {t('showEarlier', { count: requests.length })}
        </Button>
      )}
    </details>
  );
}

function Request({
  request: { atMs, url, method, sentBytes, receivedBytes, status },
}: {
  request: SentRequest;
}) {
  const { host, pathname, search } = new URL(url);
  const where = isForeign(url, ownOrigin()) ? host : t('ownServer');
  const facts = [
    formatTimeOfDay(new Date(atMs)),
    where,
    status === null ? '' : String(status),
    sentBytes === null && receivedBytes === null
      ? t('sizeUnknown')
      : t('requestSizes', {
          sent: sentBytes === null ? '?' : formatBytes(sentBytes),
          received: receivedBytes === null ? '?' : formatBytes(receivedBytes),
        }),
  ];
  return (
    <>
      <p className="font-mono text-xs [overflow-wrap:anywhere]">
        {method ? `${method} ` : ''}
        {pathname + search}
      </p>
      <p className="text-muted tabular-nums">{facts.filter((fact) => fact !== '').join(' · ')}</p>
    </>
  );
}

/** The reasons as they are listed: what nobody expects first, what everybody does last. */
const ORDER = [
  ['unexplained', 'reasonUnexplained'],
  ['training-set', 'reasonTrainingSet'],
  ['share', 'reasonShare'],
  ['device-list', 'reasonDeviceList'],
  ['account', 'reasonAccount'],
  ['model-question', 'reasonModelQuestion'],
  ['model-download', 'reasonModelDownload'],
  ['model-list', 'reasonModelList'],
  ['built-in-model', 'reasonBuiltInModel'],
  ['server-facts', 'reasonServerFacts'],
  ['offline-copy', 'reasonOfflineCopy'],
  ['page', 'reasonPage'],
  ['app', 'reasonApp'],
] as const satisfies readonly (readonly [RequestReason, string])[];

/** Requests that were sent for the same reason. */
interface RequestGroup {
  reason: RequestReason;
  /** The reason in words. */
  label: string;
  /** In the order they came in. */
  requests: SentRequest[];
}

/** Groups requests by their reasons; reasons without a request are left out. */
function groupByReason(requests: readonly SentRequest[]): RequestGroup[] {
  return ORDER.map(([reason, key]) => ({
    reason,
    label: t(key),
    requests: requests.filter((request) => request.reason === reason),
  })).filter((group) => group.requests.length > 0);
}

/** Whether a request went to another host than the app's own. */
const isForeign = (url: string, ownOrigin: string) => new URL(url).origin !== ownOrigin;

/** One line for each request: time, method, address, status, bytes sent and received, reason. */
function requestsAsText(requests: readonly SentRequest[]): string {
  const lines = groupByReason(requests).flatMap(({ label, requests: ofReason }) =>
    ofReason.map((one) => ({ one, label })),
  );
  return lines
    .sort((a, b) => a.one.atMs - b.one.atMs)
    .map(({ one: { atMs, method, url, status, sentBytes, receivedBytes }, label }) =>
      [new Date(atMs).toISOString(), method, url, status, sentBytes, receivedBytes, label]
        .map((fact) => fact ?? '-')
        .join('\t'),
    )
    .join('\n');
}
