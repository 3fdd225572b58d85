import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { TranscriptSegment } from '@/lib/transcript';
import { users } from './tables/accounts';
import { moment } from './tables/moment';

export { identities, invitations, sessions, users } from './tables/accounts';
export {
  type FieldTimes,
  liveFrames,
  liveStreams,
  shares,
  transcripts,
} from './tables/transcripts';

/** Clips of which not every part has come and been checked. */
export const datasetUploads = pgTable(
  'dataset_uploads',
  {
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Of the whole file, hexadecimal, as it was announced. */
    sha256: text('sha256').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    samples: integer('samples').notNull(),
    /** Parts that are stored, from the first on. */
    receivedParts: integer('received_parts').notNull().default(0),
    touchedAt: moment('touched_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.sha256] }),
    index('dataset_uploads_touched').on(table.touchedAt),
  ],
);

/** Clips that were decoded to their end and are kept. */
export const datasetClips = pgTable(
  'dataset_clips',
  {
    sha256: text('sha256').primaryKey(),
    sizeBytes: integer('size_bytes').notNull(),
    /** Of decoded samples. */
    durationMs: integer('duration_ms').notNull(),
    uploadedBy: uuid('uploaded_by').references(() => users.id, { onDelete: 'set null' }),
    storedAt: moment('stored_at').notNull().defaultNow(),
    /** No entry needs it; the object is being removed, then this row. */
    isRemoving: boolean('is_removing').notNull().default(false),
  },
  (table) => [index('dataset_clips_uploaded').on(table.uploadedBy, table.storedAt)],
);

/** Clips with their text, as people gave them. A withdrawn one stays, without its text. */
export const datasetEntries = pgTable(
  'dataset_entries',
  {
    /** Made by the giver. */
    id: uuid('id').primaryKey(),
    /** The order in which they came. */
    seq: bigint('seq', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** `null`: the giver's account is gone; what was given stays under its licence. */
    giverId: uuid('giver_id').references(() => users.id, { onDelete: 'set null' }),
    clip: text('clip').notNull(),
    durationMs: integer('duration_ms').notNull(),
    text: text('text').notNull(),
    asrText: text('asr_text').notNull(),
    language: text('language').notNull(),
    level: text('level', { enum: ['edited', 'confirmed'] }).notNull(),
    /** Hashes of the giver and the giver's own names: what is published names nobody. */
    speaker: text('speaker').notNull(),
    recording: text('recording').notNull(),
    /** As the giver's library names it. */
    ownRecording: text('own_recording').notNull(),
    modelId: text('model_id').notNull(),
    licence: text('licence', { enum: ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0'] }).notNull(),
    wording: text('wording').notNull(),
    consentAt: moment('consent_at').notNull(),
    givenAt: moment('given_at').notNull().defaultNow(),
    withdrawnAt: moment('withdrawn_at'),
    /** The first version that has it; above the last published one: it is being written. */
    firstVersion: integer('first_version'),
    /** The version that names it as withdrawn. */
    tombstoneVersion: integer('tombstone_version'),
    /** The object that has its present state as a line; `null`: it waits to be exported. */
    segment: text('segment'),
    /** Who exports it at the moment. */
    claim: uuid('claim'),
    claimedAt: moment('claimed_at'),
  },
  (table) => [
    uniqueIndex('dataset_entries_clip').on(table.clip).where(sql`${table.withdrawnAt} is null`),
    uniqueIndex('dataset_entries_seq').on(table.seq),
    index('dataset_entries_giver').on(table.giverId, table.seq),
    index('dataset_entries_export').on(table.seq).where(sql`${table.segment} is null`),
    index('dataset_entries_segment').on(table.segment),
    index('dataset_entries_utterance').on(table.speaker, table.id),
  ],
);

/** Where the manifest in the object store stands: one row. Whoever raises the generation has committed. */
export const datasetManifest = pgTable('dataset_manifest', {
  id: integer('id').primaryKey(),
  generation: integer('generation').notNull(),
  /** What the object of this generation says. */
  head: jsonb('head').notNull(),
});

/** Lines in the store that could not be read; their objects are kept aside. */
export const datasetBadLines = pgTable(
  'dataset_bad_lines',
  {
    object: text('object').notNull(),
    /** From 1; 0: the object as a whole. */
    line: integer('line').notNull(),
    reason: text('reason').notNull(),
    foundAt: moment('found_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.object, table.line] })],
);

/** Published versions; the row is what makes one published. */
export const datasetVersions = pgTable('dataset_versions', {
  number: integer('number').primaryKey(),
  publishedAt: moment('published_at').notNull(),
  /** What the contract says of it. */
  facts: jsonb('facts').notNull(),
});

/** The version that is being written, until it is published. */
export const datasetPublications = pgTable('dataset_publications', {
  number: integer('number').primaryKey(),
  /** Of the whole, from 0 to 1. */
  progress: real('progress').notNull().default(0),
  /** What has been written of it; `null`: nothing yet. */
  draft: jsonb('draft'),
  /** The code of the failure that stopped it last; it goes on by itself. */
  failure: text('failure'),
  startedAt: moment('started_at').notNull().defaultNow(),
});

/** In which split a speaker or a recording is, once it was published. */
export const datasetSplits = pgTable('dataset_splits', {
  /** The hash of the speaker or recording. */
  member: text('member').primaryKey(),
  split: text('split', { enum: ['train', 'dev', 'test'] }).notNull(),
});

/** Runs that train a model on a version: one for each version at most. */
export const trainingRuns = pgTable(
  'training_runs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    version: integer('version').notNull().unique(),
    engine: text('engine', { enum: ['webhook', 'ray'] }).notNull(),
    state: text('state', {
      enum: ['waiting', 'sent', 'running', 'done', 'failed', 'cancelled'],
    }).notNull(),
    /** What is told to whoever trains, the same at every try; another one when the owner starts it again. */
    delivery: uuid('delivery').notNull().defaultRandom(),
    /** What whoever trains is still to be told. */
    pending: text('pending', { enum: ['start', 'cancel'] }),
    /** Tries of what is pending, and when the next one is due. */
    tries: integer('tries').notNull().default(0),
    dueAt: moment('due_at').notNull().defaultNow(),
    /** New gold speech in ms since the run before. */
    newMs: bigint('new_ms', { mode: 'number' }).notNull(),
    progress: real('progress'),
    message: text('message'),
    logsUrl: text('logs_url'),
    scores: jsonb('scores'),
    /** Why the server itself ended it; `silent`: nothing was heard of it for too long. */
    failure: text('failure', { enum: ['silent'] }),
    /** When whoever trains last gave a sign of life. */
    heardAt: moment('heard_at').notNull().defaultNow(),
    /** On the shelf of the server. */
    modelId: text('model_id'),
    /** What the model took the place of as the server's default; null also for the built-in one. */
    replacedModelId: text('replaced_model_id'),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (table) => [index('training_runs_due').on(table.dueAt)],
);

/** How often something was done in the window that runs; one row for each name and each who. */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    resetsAt: moment('resets_at').notNull(),
  },
  (table) => [index('rate_limits_resets').on(table.resetsAt)],
);

/** Work that one copy of the app does at a time. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: uuid('holder').notNull(),
  expiresAt: moment('expires_at').notNull(),
});

/** Where a recording lies that waits to be transcribed: in the bucket, or in the folder of the data. */
export interface WorkSource {
  key: string;
  /** Of these very bytes: another file under the same key is another job. */
  etag: string;
  sizeBytes: number;
}

/** What is known of a recording once it is transcribed. */
export interface WorkResult {
  durationMs: number;
  mediaType: string;
  language: string;
  model: { id: string; backend: 'wasm' | 'webgpu'; precision: string };
}

/** Recordings to be transcribed by workers. This row says what happens, wherever the job waits. */
export const workJobs = pgTable(
  'work_jobs',
  {
    /** SHA-256 of bucket, key and eTag, hex. */
    id: text('id').primaryKey(),
    /** Whose it is; `null`: the whole team's. */
    ownerId: uuid('owner_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The file's name, for people. */
    name: text('name').notNull(),
    source: jsonb('source').$type<WorkSource>().notNull(),
    state: text('state', { enum: ['waiting', 'leased', 'done', 'failed', 'dropped'] })
      .notNull()
      .default('waiting'),
    /** Leases since there was progress. */
    attempts: integer('attempts').notNull().default(0),
    /** A waiting job may be taken from then on. */
    availableAt: moment('available_at').notNull().defaultNow(),
    leaseId: uuid('lease_id'),
    leaseUntil: moment('lease_until'),
    workerId: uuid('worker_id'),
    /** Why a worker gave it back: one of the codes of errors, and what the worker says. */
    lastErrorCode: text('last_error_code'),
    lastError: text('last_error'),
    /** How far it is, in the worker's own form. */
    progress: text('progress'),
    result: jsonb('result').$type<WorkResult>(),
    /** The public key that its text is sealed to, chosen with its first lease; `null`: the text is plain. */
    sealedTo: text('sealed_to'),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    /** A user took it off the list; its text goes a while later, so that this can be undone. */
    removedAt: moment('removed_at'),
  },
  (table) => [
    index('work_jobs_removed').on(table.removedAt),
    index('work_jobs_state').on(table.state, table.availableAt),
    index('work_jobs_owner').on(table.ownerId, table.createdAt),
  ],
);

/** What of a job is transcribed, batch by batch. */
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

/** Workers that have asked for work. */
export const workers = pgTable('workers', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
});
