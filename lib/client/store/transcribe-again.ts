import type { IDBPTransaction, StoreNames } from 'idb';
import type { JobOptions } from '@/lib/engine/pipeline';
import { announce } from './changes';
import { storing } from './db';
import { NO_STATS } from './jobs';
import type { JobRecord, Schema, TranscriptRecord } from './schema';
import { NO_PROGRESS } from './second-pass';
import { keysOf } from './transcripts';

type RowTransaction = IDBPTransaction<
  Schema,
  ('segments' | 'words' | 'recognised' | StoreNames<Schema>)[],
  'readwrite'
>;

/**
 * Has a finished transcript's recording transcribed once more, in a second pass. What somebody edited stays; a text
 * that no model has written counts as edited from end to end: it stays, and can be compared with what is recognised.
 * Does nothing while the recording is being transcribed.
 */
export async function transcribeAgain(id: string, options: JobOptions): Promise<void> {
  await storing(async (db) => {
    const tx = db.transaction(
      ['jobs', 'transcripts', 'segments', 'words', 'recognised'],
      'readwrite',
    );
    const jobs = tx.objectStore('jobs');
    const [transcript, all] = await Promise.all([
      tx.objectStore('transcripts').get(id),
      jobs.getAll(),
    ]);
    const job = all.find((one) => one.id === id);
    if (transcript?.state === 'complete' && (!job || job.intent === 'done')) {
      const modelId = options.laterModelId ?? options.modelId;
      const order = 1 + all.reduce((highest, one) => Math.max(highest, one.order), 0);
      const { isSecondPass: _, ...own } = job ?? doneJob(transcript, order);
      await jobs.put({ ...own, options: { ...options, laterModelId: modelId } });
      const isOwnText = transcript.model === null;
      if (isOwnText) await keepAsEdited(tx, id);
      const { done, total } = transcript.edits ?? { done: 0, total: 0 };
      await tx.objectStore('transcripts').put({
        ...transcript,
        ...(isOwnText && { edits: { done, total, heldUntilMs: Number.POSITIVE_INFINITY } }),
        secondPass: { modelId, untilMs: 0, language: null, stopped: null },
      });
    }
    await tx.done;
  });
  announce('jobs', id);
  announce('transcripts', id);
  announce('restarted', id);
}

/** Makes every row one that was edited. */
async function keepAsEdited(tx: RowTransaction, id: string): Promise<void> {
  const recognised = tx.objectStore('recognised');
  const [rows, words, touched] = await Promise.all([
    tx.objectStore('segments').getAll(keysOf(id)),
    tx.objectStore('words').getAll(keysOf(id)),
    recognised.getAll(keysOf(id)),
  ]);
  const wordsAt = new Map(words.map((record) => [record.index, record.words]));
  const known = new Set(touched.map(({ index }) => index));
  for (const { wordCount, ...row } of rows) {
    if (Number.isInteger(row.index) && !known.has(row.index))
      await recognised.put({ ...row, words: wordsAt.get(row.index) ?? [] });
    await tx.objectStore('segments').put({
      ...row,
      ...(wordCount !== undefined && { wordCount }),
      edited: true,
    });
  }
}

/** The job of a recording that was added with its text, as if it had been done. */
function doneJob(
  { id, source, audioTrack, durationMs, isTrackPerSpeaker }: TranscriptRecord,
  order: number,
): JobRecord {
  return {
    id,
    fileName: source.name,
    sizeBytes: source.sizeBytes,
    addedAt: new Date().toISOString(),
    order,
    intent: 'done',
    ...NO_PROGRESS,
    ...(audioTrack && { audioTrack: audioTrack.index, isTrackGiven: true }),
    ...(isTrackPerSpeaker && { tracks: [] }),
    durationMs,
    stats: NO_STATS,
    deletedAt: null,
  };
}
