import { z } from 'zod';
import type { Endpoint } from './endpoint';

/** `unused`: the embedded database has not been made yet, which nothing but a first account does. */
const part = z.enum(['ok', 'failed', 'unused']);

/** For whoever runs the server, and for programs that use it. */
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
