import { z } from 'zod';
import { accountApi, linksApi, membersApi, signInApi } from './accounts';
import { authApi } from './auth';
import { datasetApi } from './dataset';
import type { Endpoint } from './endpoint';
import { inboxApi } from './inbox';
import { liveApi } from './live';
import { modelsApi } from './server-models';
import { sharesApi } from './shares';
import { trainingApi } from './training';
import { transcriptsApi } from './transcripts';
import { adminApi, workApi } from './work';

/** `unused`: the embedded database has not been made yet, which nothing but a first account does. */
const part = z.enum(['ok', 'failed', 'unused']);

/** For the operator of the server, and for programs that use it. */
export const operationsApi = {
  health: {
    method: 'GET',
    path: '/api/health',
    summary:
      'Says ok while the process lives. With ?ready and the token: whether database and object store answer.',
    session: 'open',
    authorization: 'METRICS_TOKEN',
    query: z.object({ ready: z.string().optional() }),
    answer: z.object({ ready: z.literal(true), database: part, objects: part }),
  },
  metrics: {
    method: 'GET',
    path: '/api/metrics',
    summary: 'Gives what this process has measured, for Prometheus.',
    session: 'open',
    authorization: 'METRICS_TOKEN',
    answer: 'text/plain',
  },
  openApi: {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'Describes all of this as OpenAPI 3.1.',
    session: 'open',
    answer: z.looseObject({
      openapi: z.literal('3.1.1'),
      paths: z.record(z.string(), z.unknown()),
    }),
  },
} as const satisfies Record<string, Endpoint>;

/** The tags of the OpenAPI document, in English; a page that shows them translates them. */
type GroupName =
  | 'Transcripts'
  | 'Shares'
  | 'Dataset'
  | 'Live text'
  | 'Training'
  | 'Models'
  | 'Signing in'
  | 'Account'
  | 'Members'
  | 'Links'
  | 'Inbox'
  | 'Workers'
  | 'Operations';

/** Routes that belong together. */
export interface EndpointGroup {
  name: GroupName;
  endpoints: readonly Endpoint[];
}

const group = (name: GroupName, api: Record<string, Endpoint>): EndpointGroup => ({
  name,
  endpoints: Object.values(api),
});

/** Every route of the server. */
export const API: readonly EndpointGroup[] = [
  group('Transcripts', transcriptsApi),
  group('Shares', sharesApi),
  group('Dataset', datasetApi),
  group('Live text', liveApi),
  group('Training', trainingApi),
  group('Models', modelsApi),
  group('Signing in', { ...signInApi, ...authApi }),
  group('Account', accountApi),
  group('Members', membersApi),
  group('Links', linksApi),
  group('Inbox', inboxApi),
  group('Workers', workApi),
  group('Operations', { ...operationsApi, ...adminApi }),
];
