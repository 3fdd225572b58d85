import { z } from 'zod';
import {
  HEADER_BYTES,
  MAX_AUDIO_BYTES,
  MAX_DOCUMENT_BYTES,
  sealedBytes,
  TAG_BYTES,
} from './share-sizes';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** How long a link may last, in s. */
export const LIFETIME_S = { min: HOUR_S, max: 366 * DAY_S, usual: 30 * DAY_S } as const;

/** Links that one person may have at a time. */
export const MAX_SHARES = 200;

/** How the auth key is shown: `authorization: Share …`. */
export const AUTH_SCHEME = 'Share';

/** Header of an opened share: when the link ends, ISO 8601. */
export const EXPIRES_HEADER = 'x-share-expires';

/** SHA-256, base64url. */
const hashSchema = z.string().regex(/^[\w-]{43}$/, 'Not a SHA-256 in base64url');

/** What the server is told when a share is made: sizes and hashes, before any ciphertext. */
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
