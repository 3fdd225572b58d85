import { plainText } from '@/lib/core';

/** What one writer may change of a summary; each field goes its own way when devices differ. */
export interface SummaryFields {
  title: string;
  /** BCP 47. */
  language: string;
  durationMs: number;
  wordCount: number;
  tags: string[];
  /** Taken away by its user, on whichever device; undo writes `false` again. */
  deleted: boolean;
}

type SummaryField = keyof SummaryFields;

/** When each field was last written, in ms since 1970 by the writer's clock; 0: never. */
export type FieldTimes = Record<SummaryField, number>;

/** What the devices of one user know of each other's transcripts: never a word, never a sound. */
export interface TranscriptSummary extends SummaryFields {
  id: string;
  /** ISO 8601; never changes. */
  createdAt: string;
  fieldTimes: FieldTimes;
}

/** What may be in a summary; the same on every device and on the server. */
export const SUMMARY_LIMITS = {
  /** UTF-16 units. */
  titleLength: 300,
  languageLength: 35,
  tags: 20,
  tagLength: 50,
  wordCount: 2_147_483_647,
} as const;

/**
 * A title as it may be shared: cut to the limit, without what the server refuses
 * (`isPlainText`). One that is within the limits stays as it is.
 */
export function shareableTitle(title: string): string {
  return plainText(title.slice(0, SUMMARY_LIMITS.titleLength));
}

/** What the server takes for a language tag, besides its length. */
export const LANGUAGE_TAG = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;

/** The language of a text as it may be shared; `und`, not known, in the place of what is no tag. */
export function shareableLanguage(language: string): string {
  const isTag = language.length <= SUMMARY_LIMITS.languageLength && LANGUAGE_TAG.test(language);
  return isTag ? language : 'und';
}

/** What is known of a transcript that was taken away: that, and when, in ms since 1970. */
export function removedSummary(id: string, deletedAt: number): TranscriptSummary {
  return {
    id,
    title: '',
    language: 'und',
    durationMs: 0,
    wordCount: 0,
    tags: [],
    deleted: true,
    // later than any other: what somebody else knows of it counts
    createdAt: '9999-12-31T23:59:59.999Z',
    fieldTimes: {
      title: 0,
      language: 0,
      durationMs: 0,
      wordCount: 0,
      tags: 0,
      deleted: deletedAt,
    },
  };
}

/** Every field that has a time of its own. */
const FIELDS = [
  'title',
  'language',
  'durationMs',
  'wordCount',
  'tags',
  'deleted',
] as const satisfies readonly SummaryField[];

/** How far the clock of a writer may be ahead, in ms: one that is wrong must not win for ever. */
export const CLOCK_AHEAD_MS = 120_000;

/**
 * What two devices know of one transcript, put together field by field: the later write wins, and
 * of two at the same moment the value that sorts last, so that every device comes to the same
 * whatever the order. Deleting is a field like the others: it hides all writes before it, a write
 * of another field afterwards does not bring the transcript back, and only undo does, which writes
 * that same field later.
 */
export function merge(one: TranscriptSummary, other: TranscriptSummary): TranscriptSummary {
  const merged: TranscriptSummary = {
    ...one,
    fieldTimes: { ...one.fieldTimes },
  };
  if (other.createdAt < one.createdAt) merged.createdAt = other.createdAt;
  for (const field of FIELDS)
    if (wins(field, other, one)) {
      copy(field, other, merged);
      merged.fieldTimes[field] = other.fieldTimes[field];
    }
  return merged;
}

function copy<F extends SummaryField>(field: F, from: SummaryFields, to: SummaryFields): void {
  to[field] = from[field];
}

/** Whether `one` has the later write of a field. */
function wins(field: SummaryField, one: TranscriptSummary, other: TranscriptSummary): boolean {
  const byTime = one.fieldTimes[field] - other.fieldTimes[field];
  if (byTime !== 0) return byTime > 0;
  return JSON.stringify(one[field]) > JSON.stringify(other[field]);
}

/** The times of a write, none of them later than a right clock could say. @param nowMs ours */
export function clamped(times: FieldTimes, nowMs: number): FieldTimes {
  const latest = nowMs + CLOCK_AHEAD_MS;
  const result = { ...times };
  for (const field of FIELDS) result[field] = Math.min(times[field], latest);
  return result;
}

/**
 * What is kept of a summary: of a deleted one only that and when it was deleted. Its fields count
 * as never written, so that a device which undoes the deletion brings its own along.
 */
export function withoutTraces(summary: TranscriptSummary): TranscriptSummary {
  if (!summary.deleted) return summary;
  return {
    ...removedSummary(summary.id, summary.fieldTimes.deleted),
    createdAt: summary.createdAt,
  };
}

/** Whether the server has all that is known here: nothing has to be sent. */
export function isCovered(here: TranscriptSummary, server: TranscriptSummary): boolean {
  const times = (summary: TranscriptSummary) => summary.fieldTimes;
  if (here.deleted) return server.deleted && times(server).deleted >= times(here).deleted;
  return FIELDS.every((field) => !wins(field, here, server));
}

/**
 * What is here after the server answered to exactly that: its times are taken over, so that a clock
 * which is ahead does not call itself the latest again and again, and a write that lost has lost.
 */
export function asAnswered(here: TranscriptSummary, server: TranscriptSummary): TranscriptSummary {
  const fieldTimes = { ...here.fieldTimes };
  // of a deleted one the server keeps nothing else
  const told: readonly SummaryField[] = server.deleted ? ['deleted'] : FIELDS;
  for (const field of told) {
    const latest = server.fieldTimes[field];
    const isSame = JSON.stringify(here[field]) === JSON.stringify(server[field]);
    fieldTimes[field] = Math.min(here.fieldTimes[field], isSame ? latest : latest - 1);
  }
  return { ...here, fieldTimes };
}
