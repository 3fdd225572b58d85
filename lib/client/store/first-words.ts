import type { ModelInfo, TranscriptSegment } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { replaceRows } from './second-pass';

/** Words to be read until those of a job's own model take their place. */
export interface StoredFirstWords {
  segments: TranscriptSegment[];
  /** Of the first segment: those before it were stored before. */
  index: number;
  /** End of the speech that was heard. */
  untilMs: number;
  /** What wrote them. */
  model: ModelInfo;
}

/**
 * Stores words of a job that has none of its own yet. The job stays where it is: its first batch takes their
 * place, here or in a later run. Nothing is done when the job is gone, paused or further by now.
 */
export async function storeFirstWords(id: string, first: StoredFirstWords): Promise<void> {
  const { segments, index, untilMs, model } = first;
  let kind: 'segments' | 'restarted' | null = null;
  await storing(async (db) => {
    const tx = db.transaction(['jobs', 'transcripts', 'segments', 'words'], 'readwrite');
    const [job, transcript] = await Promise.all([
      tx.objectStore('jobs').get(id),
      tx.objectStore('transcripts').get(id),
    ]);
    if (job?.intent === 'queued' && job.batches === 0 && !job.isSecondPass && transcript) {
      const { words, isOther } = await replaceRows(tx, id, index, segments, untilMs);
      kind = isOther ? 'restarted' : 'segments';
      const wordCount = transcript.wordCount + words;
      await tx.objectStore('transcripts').put({ ...transcript, model, wordCount });
    }
    await tx.done;
  });
  if (kind) announce(kind, id);
}
