import type { IDBPTransaction, StoreNames } from 'idb';
import type { ErrorCode } from '@/lib/core';
import type { TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type { JobError, JobRecord, Schema, SegmentRecord, TranscriptRecord } from './schema';

/** The effect of replacing rows. */
interface ReplacedRows {
  /** Change in the number of words. */
  words: number;
  /** Rows that existed before have changed or moved. */
  isOther: boolean;
}

type RowTransaction = IDBPTransaction<
  Schema,
  ('segments' | 'words' | StoreNames<Schema>)[],
  'readwrite'
>;

/** Keys of a transcript's rows from an index on. */
const rowsFrom = (id: string, index: number) =>
  IDBKeyRange.bound([id, index], [id, Number.POSITIVE_INFINITY]);

/**
 * Replaces the rows that another model wrote and that begin before the batch's end with those of the batch.
 * Later rows move up or down, so that row indexes have no gap.
 * @param index of the batch's first row: everything from there on was written by the other model
 * @param untilMs the batch's end; infinite: no row of the other model is left
 */
export async function replaceRows(
  tx: RowTransaction,
  id: string,
  index: number,
  segments: readonly TranscriptSegment[],
  untilMs: number,
): Promise<ReplacedRows> {
  const [rowStore, wordStore] = [tx.objectStore('segments'), tx.objectStore('words')];
  const old = await rowStore.getAll(rowsFrom(id, index));
  const replaced = old.filter(({ startMs }) => startMs < untilMs);
  const shift = segments.length - replaced.length;
  const writes: Promise<unknown>[] = [];
  if (shift !== 0 && old.length > 0) {
    const words = await wordStore.getAll(rowsFrom(id, index + replaced.length));
    writes.push(rowStore.delete(rowsFrom(id, index)), wordStore.delete(rowsFrom(id, index)));
    for (const row of old.slice(replaced.length)) writes.push(rowStore.put(movedBy(shift, row)));
    for (const row of words) writes.push(wordStore.put({ ...row, index: row.index + shift }));
  }
  let count = 0;
  segments.forEach(({ words, ...segment }, at) => {
    const key = { transcriptId: id, index: index + at };
    count += words.length;
    writes.push(rowStore.put({ ...key, ...segment, wordCount: words.length }));
    writes.push(wordStore.put({ ...key, words }));
  });
  await Promise.all(writes);
  return {
    words: replaced.reduce((sum, { wordCount = 0 }) => sum - wordCount, count),
    isOther: old.length > 0,
  };
}

/** A row's id follows from its index. */
function movedBy(shift: number, row: SegmentRecord): SegmentRecord {
  const index = row.index + shift;
  return { ...row, index, id: `seg-${index}` };
}

/**
 * Starts the better model's pass over a job that the first model has finished. The text stays until it is
 * replaced. Does nothing if the job is not waiting for a second pass.
 */
export async function beginSecondPass(id: string): Promise<void> {
  await change(id, (job, transcript) => {
    if (job.intent !== 'done' || !job.options) return null;
    const { laterModelId, ...options } = job.options;
    if (laterModelId === undefined) return null;
    return {
      job: {
        ...job,
        options: { ...options, modelId: laterModelId },
        isSecondPass: true,
        intent: 'queued',
        error: null,
        checkpoint: null,
        nextIndex: 0,
        batches: 0,
        decoder: null,
        doneMs: 0,
      },
      transcript,
    };
  });
}

/** Failures after which the better model may become available again: the pass keeps waiting for it. */
const WAITS_AGAIN: readonly ErrorCode[] = [
  'MODEL_NOT_INSTALLED',
  'MODEL_HASH_MISMATCH',
  'NOT_FOUND',
];

/**
 * Stops a second pass where it is: the rest of the text remains that of the first one.
 * @param problem why it stopped; `null`: the user stopped it
 */
export async function stopSecondPass(id: string, problem: JobError | null): Promise<void> {
  await change(id, (job, transcript) => {
    if (!job.isSecondPass || job.intent === 'done') return null;
    if (job.options && problem && WAITS_AGAIN.includes(problem.code)) {
      const { isSecondPass: _, ...before } = job;
      const options = { ...job.options, laterModelId: job.options.modelId };
      return { job: { ...before, options, intent: 'done', error: null }, transcript };
    }
    return {
      job: { ...job, intent: 'done', error: null },
      transcript: transcript.secondPass
        ? { ...transcript, secondPass: { ...transcript.secondPass, stopped: { problem } } }
        : transcript,
    };
  });
}

/** Resumes a stopped second pass. */
export async function resumeSecondPass(id: string): Promise<void> {
  await change(id, (job, transcript) => {
    if (!job.isSecondPass || job.intent !== 'done' || !transcript.secondPass) return null;
    return {
      job: { ...job, intent: 'queued' },
      transcript: { ...transcript, secondPass: { ...transcript.secondPass, stopped: null } },
    };
  });
}

/** Changes a job and its transcript in one transaction; `null` leaves both unchanged. */
async function change(
  id: string,
  step: (
    job: JobRecord,
    transcript: TranscriptRecord,
  ) => { job: JobRecord; transcript: TranscriptRecord } | null,
): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(['jobs', 'transcripts'], 'readwrite');
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    const next = job && transcript ? step(job, transcript) : null;
    const writes = next
      ? [tx.objectStore('jobs').put(next.job), tx.objectStore('transcripts').put(next.transcript)]
      : [];
    await Promise.all([...writes, tx.done]);
  });
  announce('jobs', id);
  announce('transcripts', id);
}
