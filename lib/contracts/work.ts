import { z } from 'zod';
import { transcriptSegmentSchema } from '@/lib/transcript';
import type { Endpoint } from './endpoint';
import { inboxItemSchema, jobIdSchema, publicKeySchema, workFailureSchema } from './inbox';

const byId = z.object({ id: jobIdSchema });
const lease = z.uuid();

/** Limit on the segments of a batch, which has far fewer; its words take some tens of kilobytes. */
const MAX_SEGMENTS = 1_000;
/** The limit on the body of a batch. */
const MAX_SEALED_CHARS = 1024 * 1024;
/** Most of the progress is the recurrent state of the VAD. */
const MAX_PROGRESS_CHARS = 100_000;

/** A job that a worker has for a while. */
export const leasedJobSchema = z.object({
  id: jobIdSchema,
  name: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  /** Identifies this lease in every call about the job. */
  lease,
  /** The lease is over after this long, unless it is extended. */
  leaseMs: z.number().int().positive(),
  /** As the last worker left it; `null`: nothing was done yet. */
  progress: z.string().nullable(),
  /** Batches that are stored. */
  batches: z.number().int().nonnegative(),
  /** The owner's key to which segments must be sealed; `null`: they are stored plain. */
  sealTo: publicKeySchema.nullable(),
});
export type LeasedJob = z.infer<typeof leasedJobSchema>;

/** What is known of a recording once it is transcribed. */
export const workResultSchema = z.object({
  durationMs: z.number().int().nonnegative(),
  mediaType: z.string().max(200),
  language: z.string().max(35),
  model: z.object({
    id: z.string().max(200),
    backend: z.enum(['wasm', 'webgpu']),
    precision: z.string().max(100),
  }),
});

const token = { session: 'open', authorization: 'WORKER_TOKEN' } as const;

/** Routes for workers, which present `WORKER_TOKEN`. */
export const workApi = {
  lease: {
    method: 'POST',
    path: '/api/work/lease',
    summary: 'Gives a worker the next job, and waits a while for one; null: there is none.',
    ...token,
    body: z.object({
      workerId: z.uuid(),
      workerName: z.string().min(1).max(200),
      waitMs: z.number().int().min(0).max(10_000),
    }),
    answer: z.object({ job: leasedJobSchema.nullable() }),
  },
  extend: {
    method: 'POST',
    path: '/api/work/{id}/extend',
    summary: 'Keeps a job for longer. 409: the lease is over.',
    ...token,
    params: byId,
    body: z.object({ lease }),
    answer: null,
  },
  batch: {
    method: 'POST',
    path: '/api/work/{id}/batches',
    summary:
      'Stores a batch of segments, plain or sealed as the job wants it, and the progress with them. 409: the lease is over.',
    ...token,
    params: byId,
    body: z.object({
      lease,
      ordinal: z.number().int().nonnegative(),
      /** Sealed: base64url. */
      segments: z.union([
        z.array(transcriptSegmentSchema).max(MAX_SEGMENTS),
        z.base64url().min(1).max(MAX_SEALED_CHARS),
      ]),
      progress: z.string().max(MAX_PROGRESS_CHARS),
    }),
    answer: null,
  },
  finish: {
    method: 'POST',
    path: '/api/work/{id}/finish',
    summary: 'Says that all of a job is stored. 409: the lease is over.',
    ...token,
    params: byId,
    body: z.object({ lease, result: workResultSchema }),
    answer: null,
  },
  fail: {
    method: 'POST',
    path: '/api/work/{id}/fail',
    summary: 'Gives a job back with the reason. 409: the lease is over.',
    ...token,
    params: byId,
    body: workFailureSchema.extend({ lease, isFinal: z.boolean() }),
    answer: null,
  },
  source: {
    method: 'GET',
    path: '/api/work/{id}/source',
    summary: 'Gives a range of the recording of a job; the query names the lease.',
    ...token,
    params: byId,
    query: z.object({ lease }),
    answer: 'application/octet-stream',
  },
} as const satisfies Record<string, Endpoint>;

const workerSchema = z.object({ id: z.uuid(), name: z.string(), lastSeenAt: z.iso.datetime() });

/** How the work stands. */
export const workStatsSchema = z.object({
  waiting: z.number().int(),
  leased: z.number().int(),
  failed: z.number().int(),
  done: z.number().int(),
  /** Age of the job that has waited longest, in s. */
  oldestWaitingS: z.number().nullable(),
  /** Seen in the last minutes. */
  workers: z.array(workerSchema),
});
export type WorkStats = z.infer<typeof workStatsSchema>;

/** For the owner. */
export const adminApi = {
  overview: {
    method: 'GET',
    path: '/api/admin/work',
    summary: 'Tells how the work of the workers stands, and what failed.',
    session: 'owner',
    answer: z.object({ stats: workStatsSchema, items: z.array(inboxItemSchema) }),
  },
  retry: {
    method: 'POST',
    path: '/api/admin/work/{id}/retry',
    summary: 'Lets a failed job be tried again.',
    session: 'owner',
    params: byId,
    answer: null,
  },
  drop: {
    method: 'POST',
    path: '/api/admin/work/{id}/drop',
    summary: 'Gives up a job.',
    session: 'owner',
    params: byId,
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;
