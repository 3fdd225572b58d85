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
import { users } from './accounts';
import { moment } from './moment';

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
    /** The id under which it is delivered to the trainer, the same at every try; a new one for each start. */
    delivery: uuid('delivery').notNull().defaultRandom(),
    /** What still has to be delivered to the trainer. */
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
    /** Why the server itself ended it; `silent`: it was silent for too long. */
    failure: text('failure', { enum: ['silent'] }),
    /** When the trainer last gave a sign of life. */
    heardAt: moment('heard_at').notNull().defaultNow(),
    /** Of the model on the shelf of the server. */
    modelId: text('model_id'),
    /** The server's default model before this one; null also for the built-in one. */
    replacedModelId: text('replaced_model_id'),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (table) => [index('training_runs_due').on(table.dueAt)],
);

/** Clips of which not every part has arrived and been checked. */
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
    /** How many parts are stored, from the first. */
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
    /** The order in which they were given. */
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
    /** The object that has its present state as a line; `null`: it is waiting to be exported. */
    segment: text('segment'),
    /** The exporter that has it at the moment. */
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

/** The state of the manifest in the object store: one row. Raising the generation is the commit. */
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
  /** Its facts, in the form of the contract. */
  facts: jsonb('facts').notNull(),
});

/** The version that is being written, until it is published. */
export const datasetPublications = pgTable('dataset_publications', {
  number: integer('number').primaryKey(),
  /** Of the whole, from 0 to 1. */
  progress: real('progress').notNull().default(0),
  /** What has been written of it; `null`: nothing yet. */
  draft: jsonb('draft'),
  /** The code of the failure that stopped it last; it resumes by itself. */
  failure: text('failure'),
  startedAt: moment('started_at').notNull().defaultNow(),
});

/** The split that a speaker or a recording belongs to, once it was published. */
export const datasetSplits = pgTable('dataset_splits', {
  /** The hash of the speaker or recording. */
  member: text('member').primaryKey(),
  split: text('split', { enum: ['train', 'dev', 'test'] }).notNull(),
});
