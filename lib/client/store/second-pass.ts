import type { IDBPTransaction, StoreNames } from 'idb';
import { type ErrorCode, newId } from '@/lib/core';
import type { ModelInfo, Row, TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { type Recognition, rebase } from './rebase';
import type { JobError, JobRecord, Schema, SegmentRecord, TranscriptRecord } from './schema';

/** The progress of a job that begins at the start of its recording, and has not failed. */
export const NO_PROGRESS = {
  error: null,
  checkpoint: null,
  nextIndex: 0,
  batches: 0,
  decoder: null,
  doneMs: 0,
} as const satisfies Partial<JobRecord>;

/** The effect of replacing rows. */
interface ReplacedRows {
  /** Change in the number of words. */
  words: number;
  /** Rows that existed before have changed or moved. */
  isOther: boolean;
  /** What the transcript's record is to have. */
  edits: Pick<TranscriptRecord, 'edits'>;
}

type RowTransaction = IDBPTransaction<
  Schema,
  ('segments' | 'words' | 'recognised' | StoreNames<Schema>)[],
  'readwrite'
>;

/** Keys of a transcript's rows from an index on. */
const rowsFrom = (id: string, index: number) =>
  IDBKeyRange.bound([id, index], [id, Number.POSITIVE_INFINITY]);

/**
 * Replaces the rows that another model wrote and that begin before the batch's end with those of the batch.
 * Later rows move up or down, so that row indexes have no gap. What somebody edited stays (`rebase.ts`).
 * @param index of the batch's first row: everything from there on was written by the other model
 * @param untilMs the batch's end; infinite: no row of the other model is left
 */
export async function replaceRows(
  tx: RowTransaction,
  { id, edits }: Pick<TranscriptRecord, 'id' | 'edits'>,
  index: number,
  segments: readonly TranscriptSegment[],
  untilMs: number,
): Promise<ReplacedRows> {
  const [rowStore, wordStore] = [tx.objectStore('segments'), tx.objectStore('words')];
  const old = await rowStore.getAll(rowsFrom(id, index));
  if (edits) return replaceEdited(tx, { id, edits }, { index, segments, untilMs }, old);
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
  segments.forEach((segment, at) => {
    count += segment.words.length;
    writes.push(...putRow(tx, id, { ...segment, index: index + at }));
  });
  await Promise.all(writes);
  return { words: count - wordsIn(replaced), isOther: old.length > 0, edits: {} };
}

async function replaceEdited(
  tx: RowTransaction,
  { id, edits }: { id: string; edits: NonNullable<TranscriptRecord['edits']> },
  batch: Pick<Recognition, 'index' | 'segments' | 'untilMs'>,
  old: readonly SegmentRecord[],
): Promise<ReplacedRows> {
  const recognised = tx.objectStore('recognised');
  const range = rowsFrom(id, batch.index);
  const [words, touched, last] = await Promise.all([
    tx.objectStore('words').getAll(range),
    recognised.getAll(range),
    tx
      .objectStore('segments')
      .openCursor(
        IDBKeyRange.bound([id, Number.NEGATIVE_INFINITY], [id, batch.index], false, true),
        'prev',
      ),
  ]);
  const wordsAt = new Map(words.map((record) => [record.index, record.words]));
  const before = (record: SegmentRecord): Row => {
    const { transcriptId: _, wordCount: _count, ...row } = record;
    return { ...row, words: wordsAt.get(row.index) ?? [] };
  };
  const after = rebase(
    { ...batch, heldUntilMs: edits.heldUntilMs ?? 0 },
    {
      rows: [...(last ? [before(last.value)] : []), ...old.map(before)],
      recognised: touched.map(({ transcriptId: _, ...row }) => row),
    },
    newId,
  );
  await Promise.all([
    tx.objectStore('segments').delete(range),
    tx.objectStore('words').delete(range),
    recognised.delete(range),
    ...after.rows.flatMap((row) => putRow(tx, id, row)),
    ...after.recognised.map((row) => recognised.put({ ...row, transcriptId: id })),
  ]);
  return {
    words: after.rows.reduce((sum, row) => sum + row.words.length, 0) - wordsIn(old),
    isOther: old.length > 0,
    edits: { edits: { ...edits, heldUntilMs: after.heldUntilMs } },
  };
}

function putRow(tx: RowTransaction, id: string, { words, ...row }: Row): Promise<unknown>[] {
  const key = { transcriptId: id, index: row.index };
  return [
    tx.objectStore('segments').put({ ...key, ...row, wordCount: words.length }),
    tx.objectStore('words').put({ ...key, words }),
  ];
}

const wordsIn = (rows: readonly SegmentRecord[]) =>
  rows.reduce((sum, { wordCount = 0 }) => sum + wordCount, 0);

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
    const { interleaving: _, ...kept } = job;
    return {
      job: {
        ...kept,
        ...(job.tracks && { tracks: [] }),
        options: { ...options, modelId: laterModelId },
        isSecondPass: true,
        intent: 'queued',
        ...NO_PROGRESS,
      },
      transcript: transcript.edits
        ? { ...transcript, edits: fromTheStart(transcript.edits) }
        : transcript,
    };
  });
}

/** Edits as they are when nothing of a pass is stored yet: none reaches into it, unless all of the text is to stay. */
function fromTheStart({ heldUntilMs, ...edits }: NonNullable<TranscriptRecord['edits']>) {
  return heldUntilMs === Number.POSITIVE_INFINITY ? { ...edits, heldUntilMs } : edits;
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

/** Words shown until those of a job's own model replace them. */
export interface StoredFirstWords {
  segments: TranscriptSegment[];
  /** Index of the first segment; earlier ones are stored already. */
  index: number;
  /** End of the speech that was processed. */
  untilMs: number;
  /** The model that wrote them. */
  model: ModelInfo;
}

/**
 * Stores words for a job that has none of its own yet. The job's checkpoint does not move: its first batch
 * replaces them, in this run or a later one. Does nothing if the job is gone, paused or further by now.
 */
export async function storeFirstWords(id: string, first: StoredFirstWords): Promise<void> {
  const { segments, index, untilMs, model } = first;
  let kind: 'segments' | 'restarted' | null = null;
  await storing(async (db) => {
    const tx = db.transaction(
      ['jobs', 'transcripts', 'segments', 'words', 'recognised'],
      'readwrite',
    );
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    if (job?.intent === 'queued' && job.batches === 0 && !job.isSecondPass && transcript) {
      const { words, isOther, edits } = await replaceRows(tx, transcript, index, segments, untilMs);
      kind = isOther ? 'restarted' : 'segments';
      const wordCount = transcript.wordCount + words;
      await tx.objectStore('transcripts').put({ ...transcript, ...edits, model, wordCount });
    }
    await tx.done;
  });
  if (kind) announce(kind, id);
}
