import {
  type FieldTimes,
  SUMMARY_LIMITS,
  type SummaryFields,
  shareableTitle,
  type TranscriptSummary,
} from '@/lib/transcript';
import type { RemoteTranscriptRecord, TranscriptRecord } from './schema';

/** Fields of a record that devices share, deleting aside. */
export const SHARED_FIELDS = ['title', 'language', 'durationMs', 'wordCount', 'tags'] as const;

/** When each field of a record was last written. */
function timesOf({ createdAt, deletedAt, fieldTimes }: TranscriptRecord): FieldTimes {
  const made = Date.parse(createdAt) || 0;
  return {
    title: made,
    language: made,
    durationMs: made,
    wordCount: made,
    tags: 0,
    deleted: deletedAt === null ? 0 : Date.parse(deletedAt) || 0,
    ...fieldTimes,
  };
}

/** Whether other devices may know of it: it is finished and not deleted. */
export function isShareable({ state, deletedAt }: TranscriptRecord): boolean {
  return state === 'complete' && deletedAt === null;
}

/** What other devices may know of a transcript that is here. */
export function summaryOf(record: TranscriptRecord): TranscriptSummary {
  return {
    id: record.id,
    title: shareableTitle(record.title) || 'Untitled',
    language: record.language,
    durationMs: Math.round(record.durationMs),
    wordCount: Math.min(record.wordCount, SUMMARY_LIMITS.wordCount),
    tags: record.tags ?? [],
    deleted: record.deletedAt !== null,
    createdAt: record.createdAt,
    fieldTimes: timesOf(record),
  };
}

/**
 * The time of a write made now. Never before the write it replaces, whatever the clocks say: a user
 * who changes what another device wrote has seen that.
 */
export function writeTime(previousMs: number | undefined): number {
  return Math.max(Date.now(), (previousMs ?? 0) + 1);
}

/** The record's times after some of its fields are written now. */
export function fieldTimesAfter(
  record: TranscriptRecord,
  change: Partial<Record<keyof SummaryFields, unknown>>,
): FieldTimes {
  const times = timesOf(record);
  for (const field of [...SHARED_FIELDS, 'deleted'] as const)
    if (field in change) times[field] = writeTime(times[field]);
  return times;
}

/**
 * A record with what another device wrote later. What is the same stays as it is here: a title that
 * was cut for sharing keeps its whole length.
 */
export function applyRemote(
  record: TranscriptRecord,
  summary: TranscriptSummary,
): TranscriptRecord {
  const here = summaryOf(record);
  const next = { ...record, fieldTimes: summary.fieldTimes };
  for (const field of SHARED_FIELDS)
    if (JSON.stringify(here[field]) !== JSON.stringify(summary[field]))
      Object.assign(next, { [field]: summary[field] });
  if (here.deleted !== summary.deleted)
    // from now on: undo has its whole time
    next.deletedAt = summary.deleted ? new Date().toISOString() : null;
  return next;
}

/** The summary of a transcript that is on another device. */
export const summaryOfRemote = (record: RemoteTranscriptRecord): TranscriptSummary => ({
  ...record,
  deleted: false,
});
