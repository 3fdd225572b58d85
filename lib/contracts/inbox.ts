import { z } from 'zod';
import { ERROR_CODES } from '@/lib/core';
import { transcriptSchema } from '@/lib/transcript';
import type { Endpoint } from './endpoint';

export const jobIdSchema = z.string().regex(/^[0-9a-f]{64}$/, 'Not the id of a job');
const byId = z.object({ id: jobIdSchema });

/** An uncompressed point of P-256, 65 bytes, base64url. */
export const publicKeySchema = z.string().regex(/^[\w-]{87}$/, 'Not a public key of P-256');

/** Why a recording was not transcribed. */
export const workFailureSchema = z.object({
  /** Determines the sentence that users read. */
  code: z.enum(ERROR_CODES),
  /** For the operator of the workers. */
  message: z.string().max(500),
});
export type WorkFailure = z.infer<typeof workFailureSchema>;

/** A job as people see it. */
export const inboxItemSchema = z.object({
  id: jobIdSchema,
  name: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  state: z.enum(['waiting', 'leased', 'done', 'failed', 'dropped']),
  /** Why a worker gave it back, or the server gave it up; `null`: nothing went wrong. */
  error: workFailureSchema.nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
  /** The public key that opens its text; `null`: the text is plain, or there is none yet. */
  sealedTo: publicKeySchema.nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type InboxItem = z.infer<typeof inboxItemSchema>;

const ownItemSchema = inboxItemSchema.extend({
  /** It was transcribed since the inbox was last seen. */
  isNew: z.boolean(),
  /** Id of its transcript in the library, the same for every user. */
  transcriptId: z.uuid(),
  /** It belongs to the whole team. */
  isTeams: z.boolean(),
});
export type OwnInboxItem = z.infer<typeof ownItemSchema>;

const { segments: _, ...facts } = transcriptSchema.shape;

/** A transcript as exported, or a sealed one, with its batches in order instead of its segments. */
export const inboxTranscriptSchema = z.union([
  transcriptSchema,
  z.object({
    ...facts,
    sealedTo: publicKeySchema,
    sealedBatches: z.array(z.object({ ordinal: z.int().nonnegative(), sealed: z.base64url() })),
  }),
]);
export type InboxTranscript = z.infer<typeof inboxTranscriptSchema>;

/** Recordings that came into the bucket or the folder. */
export const inboxApi = {
  list: {
    method: 'GET',
    path: '/api/inbox',
    summary: 'Lists recordings that wait to be transcribed, and those that are.',
    session: 'user',
    answer: z.object({
      items: z.array(ownItemSchema),
      /** What later transcripts of the user are sealed to; `null`: nothing, they are stored plain. */
      publicKey: publicKeySchema.nullable(),
    }),
  },
  unread: {
    method: 'GET',
    path: '/api/inbox/unread',
    summary: 'Counts the transcripts that were finished since the inbox was last seen.',
    session: 'user',
    answer: z.object({ unread: z.int().nonnegative() }),
  },
  seen: {
    method: 'PUT',
    path: '/api/inbox/seen',
    summary: 'Notes that the inbox was seen up to a moment.',
    session: 'user',
    body: z.object({ until: z.iso.datetime() }),
    answer: null,
  },
  chooseKey: {
    method: 'PUT',
    path: '/api/inbox/key',
    summary:
      'Sets the key that later transcripts of the user are sealed to; null: they are stored plain.',
    session: 'user',
    body: z.object({ publicKey: publicKeySchema.nullable() }),
    answer: null,
  },
  transcript: {
    method: 'GET',
    path: '/api/inbox/{id}/transcript',
    summary: 'Gives the transcript that a worker has made, as JSON export or sealed.',
    session: 'user',
    params: byId,
    answer: inboxTranscriptSchema,
  },
  audio: {
    method: 'GET',
    path: '/api/inbox/{id}/audio',
    summary:
      'Gives an address of the recording that holds for minutes, in the object store or in the app.',
    session: 'user',
    params: byId,
    answer: z.object({ url: z.string(), expiresAt: z.iso.datetime() }),
  },
  signedAudio: {
    method: 'GET',
    path: '/api/inbox/{id}/signed-audio',
    summary: 'Gives a recording by an address that was signed; ranges are taken.',
    session: 'open',
    authorization: 'signature in the address',
    params: byId,
    query: z.object({ expires: z.coerce.number().int(), signature: z.string().max(100) }),
    answer: 'application/octet-stream',
  },
  remove: {
    method: 'DELETE',
    path: '/api/inbox/{id}',
    summary: 'Takes a recording off the list, with its transcript; the file stays where it is.',
    session: 'user',
    params: byId,
    answer: null,
  },
  restore: {
    method: 'POST',
    path: '/api/inbox/{id}/restore',
    summary: 'Brings a recording back that was taken off the list within the last hour.',
    session: 'user',
    params: byId,
    answer: null,
  },
  events: {
    method: 'POST',
    path: '/api/ingest/events',
    summary: 'Takes the notifications of an object store about new recordings.',
    session: 'open',
    authorization: 'INGEST_SECRET',
    rawBody: true,
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;
