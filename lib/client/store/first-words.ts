import type { ModelInfo, TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { replaceRows } from './second-pass';

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
