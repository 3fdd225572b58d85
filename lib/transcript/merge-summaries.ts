import {
  type FieldTimes,
  removedSummary,
  type SummaryField,
  type SummaryFields,
  type TranscriptSummary,
} from './summary';

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
