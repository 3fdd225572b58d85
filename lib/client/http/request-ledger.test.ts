import { expect, test } from 'vitest';
import { API } from '@/lib/contracts/api';
import type { ObservedRequest } from '@/lib/core/observed-requests';
import { type LoggedRequest, listRequests, reasonOf } from './request-ledger';

const HERE = 'https://ai2text.example.org';
const HUB = 'https://hub.example/a/model.onnx';

const observed = (url: string, atMs: number, more: Partial<ObservedRequest> = {}) =>
  ({ url, atMs, receivedBytes: 300, status: 200, by: 'page', ...more }) as const;
const logged = (more: Partial<LoggedRequest>): LoggedRequest => ({
  id: 'one',
  url: `${HERE}/api/shares`,
  method: 'POST',
  reason: 'share',
  atMs: 10_000,
  endMs: 12_000,
  sentBytes: 5,
  receivedBytes: null,
  status: null,
  ...more,
});
const list = (notes: LoggedRequest[], seen: ObservedRequest[]) =>
  listRequests(
    {
      logged: new Map(notes.map((one) => [one.id, one])),
      observed: new Map(seen.map((one, index) => [String(index), one])),
    },
    HERE,
  );

test('a logged request and what the browser saw of it are one, with the facts of both', () => {
  expect(list([logged({})], [observed(`${HERE}/api/shares`, 10_020)])).toEqual([
    {
      url: `${HERE}/api/shares`,
      atMs: 10_000,
      method: 'POST',
      reason: 'share',
      sentBytes: 5,
      receivedBytes: 300,
      status: 200,
    },
  ]);
});

test('retries of a download are counted as part of it, later requests are not', () => {
  const download = logged({ url: HUB, method: 'GET', reason: 'model-download' });
  const rows = list([download], [observed(HUB, 10_100), observed(HUB, 11_500)]);
  expect(rows.map(({ reason }) => reason)).toEqual(['model-download']);
  const later = list([download], [observed(HUB, 10_100), observed(HUB, 20_000)]);
  expect(later.map(({ reason }) => reason)).toEqual(['unexplained', 'model-download']);
});

test('what the app did not note is explained by its address, and only if it is one of ours', () => {
  const rows = list(
    [],
    [
      observed(`${HERE}/_next/static/a.js`, 1),
      observed(`${HERE}/_next/static/a.js`, 2, { by: 'service-worker' }),
      observed(`${HERE}/collect?text=secret`, 3),
      observed('https://evil.example/_next/static/a.js', 4),
    ],
  );
  expect(rows.map(({ reason }) => reason)).toEqual([
    'unexplained',
    'unexplained',
    'offline-copy',
    'app',
  ]);
});

test.each([
  ['/', 'page'],
  ['/settings?_rsc=1x2', 'page'],
  ['/transcripts/0b1c', 'page'],
  ['/models', 'page'],
  ['/models/base/encoder.onnx', 'built-in-model'],
  ['/api/models', 'model-list'],
  ['/api/hub', 'model-list'],
  ['/api/models/x/resolve/main/a/b.onnx', 'model-download'],
  ['/api/auth/session', 'account'],
  ['/api/transcripts', 'device-list'],
  ['/api/shares/1/parts/2', 'share'],
  ['/api/sharesx', 'unexplained'],
  ['/api/dataset/clips', 'training-set'],
  ['/dataset', 'page'],
  ['/nothing', 'unexplained'],
] as const)('%s is asked for: %s', (path, reason) => {
  expect(reasonOf(path, HERE)).toBe(reason);
});

/** Asked by monitoring programs, never by the app. */
const NOT_OURS = '/api/metrics';

test('every route of the server has a reason', () => {
  const paths = API.flatMap(({ endpoints }) => endpoints.map(({ path }) => path)).filter(
    (path) => path !== NOT_OURS,
  );
  expect(paths.length).toBeGreaterThan(20);
  const unknown = paths.filter((path) => reasonOf(path, HERE) === 'unexplained');
  expect(unknown).toEqual([]);
});
