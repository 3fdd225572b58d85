import type { IDBPTransaction, StoreNames } from 'idb';
import { removedSummary, type TranscriptSummary } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type { OutboxRecord, Schema } from './schema';
import { settingOf } from './settings';
import { summaryOf, summaryOfRemote } from './summaries';

/** A transaction that may write to the outbox together with the change itself. */
export type OutboxTransaction = IDBPTransaction<
  Schema,
  ('outbox' | 'settings' | StoreNames<Schema>)[],
  'readwrite'
>;

/**
 * Queues a change for the server in the change's own transaction: after a crash either both are stored
 * or neither. Does nothing unless a user shares this device's transcripts.
 * @param deletedAt when it was deleted, in ms since 1970; `null` if it exists
 * @returns whether it was queued; the caller announces `outbox` once the transaction is done
 */
export async function enqueueForServer(
  tx: OutboxTransaction,
  transcriptId: string,
  deletedAt: number | null,
): Promise<boolean> {
  const { owner, shows } = settingOf('sync', await tx.objectStore('settings').get('sync'));
  if (owner === null || shows[owner] !== true) return false;
  await tx.objectStore('outbox').put({ transcriptId, deletedAt });
  return true;
}

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
