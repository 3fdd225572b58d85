import { z } from 'zod';
import type { Endpoint } from './endpoint';
import { byId, newShareSchema } from './shares';

/** What live text of one link is limited to. */
export const LIVE_LIMITS = {
  /** Characters of one sealed frame. */
  frameLetters: 16 * 1024,
  /** Characters of all of them: at a frame a second, more than twelve hours. */
  totalLetters: 16 * 2 ** 20,
  /** Frames a minute that one person may send. */
  framesAMinute: 180,
  /** Streams that one instance holds open, for one link and for all. */
  followersOfLink: 300,
  followers: 1000,
} as const;

/** What the server gets when live text is to be shared: hashes, before any ciphertext. */
const newLiveSchema = newShareSchema.pick({
  idHash: true,
  authHash: true,
  transcriptId: true,
  hasPassword: true,
  lifetimeS: true,
});

export type NewLive = z.infer<typeof newLiveSchema>;

const numberSchema = z.int().min(0).max(1_000_000);

const payloadSchema = z
  .string()
  .min(1)
  .max(LIVE_LIMITS.frameLetters)
  .regex(/^[\w-]+$/, 'Not base64url');

/** One line of a stream: a sealed change of the text. */
export const liveFrameSchema = z.strictObject({
  /** From 0. */
  n: numberSchema,
  /** Nothing follows. */
  isLast: z.boolean(),
  /** Ciphertext, base64url. */
  payload: payloadSchema,
});

export type LiveFrame = z.infer<typeof liveFrameSchema>;

/** Text that others follow while it is said, encrypted by the browser that records. */
export const liveApi = {
  create: {
    method: 'POST',
    path: '/api/live',
    summary: 'Makes a link to live text. It is listed and revoked with the other shares.',
    session: 'user',
    body: newLiveSchema,
    answer: null,
  },
  append: {
    method: 'POST',
    path: '/api/live/{id}',
    summary: 'Takes the next sealed frame; the same again is fine.',
    session: 'user',
    params: byId,
    body: liveFrameSchema,
    answer: null,
  },
  follow: {
    method: 'GET',
    path: '/api/live/{id}',
    summary: 'Gives sealed frames as they come, one JSON object a line; empty lines mean nothing.',
    session: 'open',
    authorization: 'auth key of the share',
    params: byId,
    query: z.object({
      /** The first frame that is wanted. */
      from: z
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number)
        .optional(),
    }),
    answer: 'application/x-ndjson',
  },
} as const satisfies Record<string, Endpoint>;
