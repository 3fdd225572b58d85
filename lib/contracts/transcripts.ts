import { z } from 'zod';
import { isPlainText, plainText } from '@/lib/core';
import { LANGUAGE_TAG, SUMMARY_LIMITS, type TranscriptSummary } from '@/lib/transcript';
import type { Endpoint } from './endpoint';

/** A line that can be shown as it is. */
const sentLine = (maxLength: number) =>
  z.string().max(maxLength).refine(isPlainText, 'holds characters that cannot be shown');

/** Cleans lines that the server stored before it refused such characters. */
const keptLine = (maxLength: number) => z.string().max(maxLength).transform(plainText);

/** ms since 1970, up to the last moment that a `Date` can name. */
const timeMs = z.number().int().min(0).max(8_640_000_000_000_000);

const createdAt = z.iso
  .datetime()
  .transform((value) => new Date(value))
  .refine((date) => date.getTime() >= 0, 'is before 1970')
  .transform((date) => date.toISOString());

const times = {
  title: timeMs,
  language: timeMs,
  durationMs: timeMs,
  wordCount: timeMs,
  tags: timeMs,
  deleted: timeMs,
};

const fields = {
  language: z.string().regex(LANGUAGE_TAG).max(SUMMARY_LIMITS.languageLength),
  durationMs: z.number().int().min(0),
  wordCount: z.number().int().min(0).max(SUMMARY_LIMITS.wordCount),
  createdAt,
  fieldTimes: z.strictObject(times),
};

/** The id of a transcript, as the device that made it gave it. */
export const transcriptIdSchema = z.uuid().toLowerCase();

/**
 * A summary as a device sends it: all of its fields with their times. Anything else is refused, so
 * that no word of a transcript can be stored by mistake.
 */
export const putSummarySchema = z.strictObject({
  ...fields,
  title: sentLine(SUMMARY_LIMITS.titleLength).min(1),
  tags: z.array(sentLine(SUMMARY_LIMITS.tagLength).min(1)).max(SUMMARY_LIMITS.tags),
});

export type PutSummary = z.infer<typeof putSummarySchema>;

/** A summary as the server returns it; that of a deleted transcript has only its id and times. */
export const summarySchema = z.object({
  id: transcriptIdSchema,
  deleted: z.boolean(),
  ...fields,
  title: keptLine(SUMMARY_LIMITS.titleLength),
  tags: z.array(keptLine(SUMMARY_LIMITS.tagLength)).max(SUMMARY_LIMITS.tags),
  /** Rises with every change of any transcript of its owner. */
  revision: timeMs,
}) satisfies z.ZodType<TranscriptSummary>;

export type ServerSummary = z.infer<typeof summarySchema>;

/** How many summaries come in one answer at most. */
export const PAGE_LIMIT = 500;

/** Query of the list: what changed after a revision. */
export const pageQuerySchema = z.strictObject({
  since: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(PAGE_LIMIT),
});

/** Query of a deletion: when the user asked for it. */
export const deleteQuerySchema = z.strictObject({ at: z.coerce.number().pipe(timeMs.min(1)) });

/** One page of changes, deleted ones among them, in the order of their revisions. */
export const summaryPageSchema = z.object({
  items: z.array(summarySchema).max(PAGE_LIMIT),
  /** Where to continue. If it is below `since`, the server has lost changes: fetch everything again. */
  revision: timeMs,
  more: z.boolean(),
});

export type SummaryPage = z.infer<typeof summaryPageSchema>;

const byId = z.object({ id: transcriptIdSchema });

/** Titles and numbers of transcripts, for all devices of one user; never audio, never text. */
export const transcriptsApi = {
  list: {
    method: 'GET',
    path: '/api/transcripts',
    summary: 'Lists what changed after a revision, including deletions.',
    session: 'user',
    query: pageQuerySchema,
    answer: summaryPageSchema,
  },
  put: {
    method: 'PUT',
    path: '/api/transcripts/{id}',
    summary: 'Merges what a device knows of a transcript into the list.',
    session: 'user',
    params: byId,
    body: putSummarySchema,
    answer: summarySchema,
  },
  remove: {
    method: 'DELETE',
    path: '/api/transcripts/{id}',
    summary: 'Takes a transcript off the list, for all devices.',
    session: 'user',
    params: byId,
    query: deleteQuerySchema,
    answer: summarySchema,
  },
} as const satisfies Record<string, Endpoint>;
