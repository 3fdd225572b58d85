import { z } from 'zod';
import type { Endpoint } from './endpoint';

/** Plain bytes sealed as one chunk. */
export const CHUNK_BYTES = 2 ** 20;

/** Length of the AES-GCM tag of a chunk, which reveals changes. */
export const TAG_BYTES = 16;

/** Format, version and kind, then random bytes of the nonces: see `envelope.ts`. */
export const HEADER_BYTES = 12;

/** Sealed audio goes to and from the server in parts of this size; the last one is shorter. */
export const PART_BYTES = 8 * 2 ** 20;

/** The largest sealed document and sealed audio that the server takes. */
export const MAX_DOCUMENT_BYTES = 32 * 2 ** 20;
export const MAX_AUDIO_BYTES = 4 * 2 ** 30;

/** The sealed size of this many plain bytes. */
export function sealedBytes(plainBytes: number): number {
  return HEADER_BYTES + plainBytes + Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES)) * TAG_BYTES;
}

/** How many parts sealed audio has. */
export function partCount(sealed: number): number {
  return Math.ceil(sealed / PART_BYTES);
}

/** The size of part `part` (from 0) of sealed audio; 0 when there is no such part. */
export function partSize(sealed: number, part: number): number {
  return Math.max(0, Math.min(PART_BYTES, sealed - part * PART_BYTES));
}

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** How long a link may last, in s. */
export const LIFETIME_S = { min: HOUR_S, max: 366 * DAY_S, usual: 30 * DAY_S } as const;

/** Links that one person may have at a time. */
export const MAX_SHARES = 200;

/** How the auth key is presented: `authorization: Share …`. */
export const AUTH_SCHEME = 'Share';

/** Header of an opened share: when the link ends, ISO 8601. */
export const EXPIRES_HEADER = 'x-share-expires';

/** SHA-256, base64url. */
const hashSchema = z.string().regex(/^[\w-]{43}$/, 'Not a SHA-256 in base64url');

/** What the server gets to create a share: sizes and hashes, before any ciphertext. */
export const newShareSchema = z.strictObject({
  idHash: hashSchema,
  authHash: hashSchema,
  transcriptId: z.uuid(),
  hasPassword: z.boolean(),
  documentBytes: z
    .int()
    .min(HEADER_BYTES + TAG_BYTES)
    .max(MAX_DOCUMENT_BYTES),
  /** 0: without audio. */
  audioBytes: z.literal(0).or(z.int().min(sealedBytes(1)).max(MAX_AUDIO_BYTES)),
  /** By the server's clock, not by the owner's. */
  lifetimeS: z.int().min(LIFETIME_S.min).max(LIFETIME_S.max),
});

/** A link as its owner sees it. */
export const shareFactsSchema = z.object({
  idHash: hashSchema,
  /** `live`: it leads to live text. */
  kind: z.enum(['document', 'live']),
  transcriptId: z.string(),
  hasPassword: z.boolean(),
  audioBytes: z.int().nonnegative(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** It has ended, and is about to be removed. */
  isExpired: z.boolean(),
  opens: z.int().nonnegative(),
  lastOpenedAt: z.iso.datetime().nullable(),
});

export const shareListSchema = z.object({ shares: z.array(shareFactsSchema) });

export type NewShare = z.infer<typeof newShareSchema>;
export type ShareFacts = z.infer<typeof shareFactsSchema>;

/** What is encrypted: no schema says more of it. */
const CIPHERTEXT = 'application/octet-stream';

/** Of any form: what never was an id is answered like one that is unknown. */
export const byId = z.object({ id: z.string().max(200) });

/** The number of a part of the audio, from 0. */
const byPart = byId.extend({
  n: z
    .string()
    .regex(/^(0|[1-9]\d{0,3})$/)
    .transform(Number),
});

/** Shared transcripts, encrypted by the browser that shares them. */
export const sharesApi = {
  list: {
    method: 'GET',
    path: '/api/shares',
    summary: 'Lists the user’s links, all or those of one transcript.',
    session: 'user',
    query: z.object({ transcriptId: z.uuid().optional() }),
    answer: shareListSchema,
  },
  create: {
    method: 'POST',
    path: '/api/shares',
    summary: 'Makes a share, which can be opened once all of its ciphertext is there.',
    session: 'user',
    body: newShareSchema,
    answer: null,
  },
  open: {
    method: 'GET',
    path: '/api/shares/{id}',
    summary: 'Gives the sealed document.',
    session: 'open',
    authorization: 'auth key of the share',
    params: byId,
    answer: CIPHERTEXT,
  },
  put: {
    method: 'PUT',
    path: '/api/shares/{id}',
    summary: 'Takes the sealed document of a share that is being made.',
    session: 'user',
    params: byId,
    rawBody: true,
    answer: null,
  },
  revoke: {
    method: 'DELETE',
    path: '/api/shares/{id}',
    summary: 'Revokes a share.',
    session: 'user',
    params: byId,
    answer: null,
  },
  openPart: {
    method: 'GET',
    path: '/api/shares/{id}/parts/{n}',
    summary: 'Gives a part of the sealed audio.',
    session: 'open',
    authorization: 'auth key of the share',
    params: byPart,
    answer: CIPHERTEXT,
  },
  putPart: {
    method: 'PUT',
    path: '/api/shares/{id}/parts/{n}',
    summary: 'Takes a part of the sealed audio of a share that is being made.',
    session: 'user',
    params: byPart,
    rawBody: true,
    answer: null,
  },
  complete: {
    method: 'POST',
    path: '/api/shares/{id}/complete',
    summary: 'Lets a share be opened from now on.',
    session: 'user',
    params: byId,
    answer: null,
  },
} as const satisfies Record<string, Endpoint>;
