import {
  type FieldTimes,
  SUMMARY_LIMITS,
  type SummaryFields,
  shareableTitle,
  type TranscriptSummary,
} from '@/lib/transcript';
import type { RemoteTranscriptRecord, TranscriptRecord } from './schema';

/** Fields of a record that devices share, besides whether it is deleted. */
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

/** Whether it may be shared with other devices: finished and not deleted. */
export function isShareable({ state, deletedAt }: TranscriptRecord): boolean {
  return state === 'complete' && deletedAt === null;
}

/** What is shared with other devices of a transcript that is stored here. */
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
 * The time of a write made now. Always later than the write it replaces, whatever the clocks say: a
 * user who changes what another device wrote has seen it.
 */
export function writeTime(previousMs: number | undefined): number {
  return Math.max(Date.now(), (previousMs ?? 0) + 1);
}

/** The record's field times after writing some of its fields now. */
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
 * Applies what another device wrote later. Fields that are equal stay as they are here: a title that was
 * cut for sharing keeps its whole length.
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
    // from now on, so that undo has its full time
    next.deletedAt = summary.deleted ? new Date().toISOString() : null;
  return next;
}

/** The summary of a remote transcript. */
export const summaryOfRemote = (record: RemoteTranscriptRecord): TranscriptSummary => ({
  ...record,
  deleted: false,
});
