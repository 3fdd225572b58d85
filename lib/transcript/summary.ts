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

export type SummaryField = keyof SummaryFields;

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
