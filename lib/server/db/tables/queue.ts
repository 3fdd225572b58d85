import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { TranscriptSegment } from '@/lib/transcript';
import { users } from './accounts';
import { moment } from './moment';

/** Where a recording to be transcribed is: in the bucket, or in the data folder. */
export interface WorkSource {
  key: string;
  /** Identifies the bytes: another file under the same key is another job. */
  etag: string;
  sizeBytes: number;
}

/** What is known about a recording once it is transcribed. */
export interface WorkResult {
  durationMs: number;
  mediaType: string;
  language: string;
  model: { id: string; backend: 'wasm' | 'webgpu'; precision: string };
}

/** Recordings to be transcribed by workers. The row is the state of the job, whatever a queue says. */
export const workJobs = pgTable(
  'work_jobs',
  {
    /** SHA-256 of bucket, key and eTag, hex. */
    id: text('id').primaryKey(),
    /** `null`: it belongs to the whole team. */
    ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The file's name, for people. */
    name: text('name').notNull(),
    source: jsonb('source').$type<WorkSource>().notNull(),
    state: text('state', { enum: ['waiting', 'leased', 'done', 'failed', 'dropped'] })
      .notNull()
      .default('waiting'),
    /** Leases since the last progress. */
    attempts: integer('attempts').notNull().default(0),
    /** When a waiting job may be taken. */
    availableAt: moment('available_at').notNull().defaultNow(),
    leaseId: uuid('lease_id'),
    leaseUntil: moment('lease_until'),
    workerId: uuid('worker_id'),
    /** Why a worker gave it back: one of the codes of errors, and what the worker says. */
    lastErrorCode: text('last_error_code'),
    lastError: text('last_error'),
    /** The progress, in the worker's own form. */
    progress: text('progress'),
    result: jsonb('result').$type<WorkResult>(),
    /** The public key that its text is sealed to, chosen with its first lease; `null`: the text is plain. */
    sealedTo: text('sealed_to'),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    /** A user took it off the list; its text is erased a while later, so that this can be undone. */
    removedAt: moment('removed_at'),
  },
  (table) => [
    index('work_jobs_removed').on(table.removedAt),
    index('work_jobs_state').on(table.state, table.availableAt),
    index('work_jobs_owner').on(table.ownerId, table.createdAt),
  ],
);

/** What has been transcribed of a job, batch by batch. */
export const workBatches = pgTable(
  'work_batches',
  {
    jobId: text('job_id')
      .notNull()
      .references(() => workJobs.id, { onDelete: 'cascade' }),
    ordinal: integer('ordinal').notNull(),
    /** Plain; or, sealed to the owner, as base64url. */
    segments: jsonb('segments').$type<TranscriptSegment[] | string>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.ordinal] })],
);

/** What a user has chosen for their inbox. Without a row: nothing. */
export const inboxes = pgTable('inboxes', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** What workers seal the user's transcripts to, base64url; `null`: they stay plain. */
  publicKey: text('public_key'),
  /** Transcripts that were finished later have not been seen; `null`: none has. */
  seenAt: moment('seen_at'),
});

/** Workers that have asked for jobs. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
});
