import type { IDBPTransaction, StoreNames } from 'idb';
import { type DecodeNotice, mergeNotices } from '@/lib/engine/audio';
import type { TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type {
  JobRecord,
  JobStats,
  PeaksRecord,
  Schema,
  SecondPass,
  TranscriptRecord,
} from './schema';
import { replaceRows } from './second-pass';

/** A finished batch: what is added to the transcript, and where the next run would resume. */
export interface StoredBatch {
  segments: TranscriptSegment[];
  /** End of its last speech. Progress may be further if the speech after it is not recognised yet. */
  endMs: number;
  /** Language tag of its words, if known; used in a second pass only. */
  language?: string | null;
  peaks: PeaksRecord[];
  notices: DecodeNotice[];
  progress: Pick<
    JobRecord,
    | 'checkpoint'
    | 'nextIndex'
    | 'batches'
    | 'decoder'
    | 'doneMs'
    | 'audioTrack'
    | 'loudest'
    | 'tracks'
    | 'interleaving'
  >;
  stats: JobStats;
  durationMs: number;
}

/**
 * Appends a batch, or replaces what another model wrote, and moves the job's checkpoint in the same
 * transaction: after a crash either both are stored or neither. A job that was deleted meanwhile stays
 * deleted.
 * @returns false if the job is gone or the batch is not the next one
 */
export async function storeBatch(id: string, batch: StoredBatch): Promise<boolean> {
  let isOther = false;
  const stored = await storing(async (db) => {
    const tx = db.transaction(
      ['jobs', 'transcripts', 'segments', 'words', 'peaks', 'recognised'],
      'readwrite',
    );
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    // another tab has stored a batch meanwhile, or the job was restarted
    const { batches, audioTrack, tracks } = batch.progress;
    const isOtherTrack = job?.audioTrack !== undefined && job.audioTrack !== audioTrack;
    const isNext = job?.batches === batches - 1 && !isOtherTrack && !job.tracks === !tracks;
    if (!job || !transcript || !isNext) {
      await tx.done;
      return false;
    }
    const { endMs } = batch;
    // nothing follows an appended batch except first words
    const rows = await replaceRows(tx, transcript, job.nextIndex, batch.segments, endMs);
    isOther = rows.isOther;
    const wordCount = transcript.wordCount + rows.words;
    const writes: Promise<unknown>[] = [];
    await storePeaks(tx, batch.peaks);
    writes.push(
      tx.objectStore('jobs').put({
        ...job,
        ...batch.progress,
        stats: batch.stats,
        durationMs: batch.durationMs,
      }),
      tx.objectStore('transcripts').put({
        ...transcript,
        ...rows.edits,
        ...(transcript.secondPass && job.isSecondPass
          ? inSecondPass(transcript.language, transcript.secondPass, endMs, batch.language ?? null)
          : {}),
        wordCount,
        notices: mergeNotices(transcript.notices, batch.notices),
        durationMs: batch.durationMs,
        updatedAt: new Date().toISOString(),
      }),
    );
    await Promise.all([...writes, tx.done]);
    return true;
  });
  // rows that a page has read may have changed
  if (stored) announce(isOther ? 'restarted' : 'segments', id);
  return stored;
}

/** Stores pieces of the waveform. Tracks that sound at the same time share one: the louder peak stays. */
export async function storePeaks(
  tx: IDBPTransaction<Schema, ('peaks' | StoreNames<Schema>)[], 'readwrite'>,
  pieces: readonly PeaksRecord[],
): Promise<void> {
  const store = tx.objectStore('peaks');
  for (const piece of pieces) {
    const there = await store.get([piece.transcriptId, piece.firstPeak]);
    await store.put(there ? { ...piece, peaks: louder(piece.peaks, there.peaks) } : piece);
  }
}

function louder(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return long.map((peak, at) => Math.max(peak, short[at] ?? 0));
}

/** The transcript's state after a batch of its second pass: the better model's language wins. */
function inSecondPass(
  before: string,
  pass: SecondPass,
  untilMs: number,
  found: string | null,
): Pick<TranscriptRecord, 'language' | 'secondPass'> {
  const language = pass.language ?? found;
  return { language: language ?? before, secondPass: { ...pass, untilMs, language } };
}
