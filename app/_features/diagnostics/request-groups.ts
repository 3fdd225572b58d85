import type { RequestReason, SentRequest } from '@/lib/client/http';
import { t } from './messages';

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
export interface RequestGroup {
  reason: RequestReason;
  /** The reason in words. */
  label: string;
  /** In the order they came in. */
  requests: SentRequest[];
}

/** Groups requests by their reasons; reasons without a request are left out. */
export function groupByReason(requests: readonly SentRequest[]): RequestGroup[] {
  return ORDER.map(([reason, key]) => ({
    reason,
    label: t(key),
    requests: requests.filter((request) => request.reason === reason),
  })).filter((group) => group.requests.length > 0);
}

/** Whether a request went to another host than the app's own. */
export const isForeign = (url: string, ownOrigin: string) => new URL(url).origin !== ownOrigin;

/** One line for each request: time, method, address, status, bytes sent and received, reason. */
export function requestsAsText(requests: readonly SentRequest[]): string {
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
