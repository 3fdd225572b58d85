import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { moment } from './moment';

/** When each field of a transcript was last written, in ms since 1970, by the writer's clock. */
export type FieldTimes = Record<string, number>;

/** What an owner's devices know of each other's transcripts: never a word, never a sound. */
export const transcripts = pgTable(
  'transcripts',
  {
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Given by the device that made it. */
    id: uuid('id').notNull(),
    title: text('title').notNull(),
    /** BCP 47. */
    language: text('language').notNull(),
    durationMs: bigint('duration_ms', { mode: 'number' }).notNull(),
    wordCount: integer('word_count').notNull(),
    tags: jsonb('tags').$type<string[]>().notNull(),
    createdAt: moment('created_at').notNull(),
    fieldTimes: jsonb('field_times').$type<FieldTimes>().notNull(),
    deletedAt: moment('deleted_at'),
    /** Rises with every change of any row of this owner: what a device has not seen lies above. */
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.id] }),
    uniqueIndex('transcripts_revision').on(table.ownerId, table.revision),
  ],
);

/** Encrypted transcripts behind links. Neither the link's id nor its key is here. */
export const shares = pgTable(
  'shares',
  {
    /** SHA-256 of the id in the link, base64url. */
    idHash: text('id_hash').primaryKey(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** `live`: live text, sent as frames. */
    kind: text('kind', { enum: ['document', 'live'] })
      .notNull()
      .default('document'),
    /** Which of the owner's transcripts it shows, or will. */
    transcriptId: uuid('transcript_id').notNull(),
    /** SHA-256 of the key that opens it, base64url; derived from the link's secret and the password. */
    authHash: text('auth_hash').notNull(),
    hasPassword: boolean('has_password').notNull(),
    documentBytes: integer('document_bytes').notNull(),
    /** 0: without the recording. */
    audioBytes: bigint('audio_bytes', { mode: 'number' }).notNull(),
    audioParts: integer('audio_parts').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    /** All of it has been uploaded; before that it cannot be opened. */
    completedAt: moment('completed_at'),
    revokedAt: moment('revoked_at'),
    opens: integer('opens').notNull().default(0),
    lastOpenedAt: moment('last_opened_at'),
  },
  (table) => [
    index('shares_owner').on(table.ownerId, table.createdAt),
    index('shares_expiry').on(table.expiresAt),
    check('shares_audio', sql`(${table.audioBytes} = 0) = (${table.audioParts} = 0)`),
  ],
);
/** The state of live text behind a link. */
export const liveStreams = pgTable('live_streams', {
  idHash: text('id_hash')
    .primaryKey()
    .references(() => shares.idHash, { onDelete: 'cascade' }),
  /** The number of the frame that comes next. */
  nextFrame: integer('next_frame').notNull().default(0),
  /** All frames together, as they are sent. */
  sizeBytes: integer('size_bytes').notNull().default(0),
  /** The last frame is there. */
  endedAt: moment('ended_at'),
});

/** Sealed changes of live text, in order. */
export const liveFrames = pgTable(
  'live_frames',
  {
    idHash: text('id_hash')
      .notNull()
      .references(() => liveStreams.idHash, { onDelete: 'cascade' }),
    /** From 0. */
    n: integer('n').notNull(),
    isLast: boolean('is_last').notNull(),
    /** Ciphertext, base64url. */
    payload: text('payload').notNull(),
  },
  (table) => [primaryKey({ columns: [table.idHash, table.n] })],
);
