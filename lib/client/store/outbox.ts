import { removedSummary, type TranscriptSummary } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type { OutboxRecord } from './schema';
import { summaryOf, summaryOfRemote } from './summaries';

/** Changes that have not been sent to the server yet, in no particular order. */
export function listOutbox(): Promise<OutboxRecord[]> {
  return storing((db) => db.getAll('outbox'));
}

/**
 * The pending change of one transcript; `null` if there is none. An entry without anything left to
 * send is removed.
 */
export function readPendingSummary(transcriptId: string): Promise<TranscriptSummary | null> {
  return storing(async (db) => {
    const tx = db.transaction(['outbox', 'transcripts', 'elsewhere'], 'readwrite');
    const [pending, record, remote] = await Promise.all([
      tx.objectStore('outbox').get(transcriptId),
      tx.objectStore('transcripts').get(transcriptId),
      tx.objectStore('elsewhere').get(transcriptId),
    ]);
    if (pending?.deletedAt === null && !record && !remote)
      await tx.objectStore('outbox').delete(transcriptId);
    await tx.done;
    if (!pending) return null;
    if (pending.deletedAt !== null) return removedSummary(transcriptId, pending.deletedAt);
    if (record) return summaryOf(record);
    return remote ? summaryOfRemote(remote) : null;
  });
}

/** Removes a pending change that the server will never accept. */
export async function removeFromOutbox(transcriptId: string): Promise<void> {
  await storing((db) => db.delete('outbox', transcriptId));
  announce('outbox', transcriptId);
}
