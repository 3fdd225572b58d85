import type { IDBPTransaction, StoreNames } from 'idb';
import { removedSummary, type TranscriptSummary } from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type { OutboxRecord, Schema } from './schema';
import { settingOf } from './settings';
import { summaryOf, summaryOfRemote } from './summaries';

/** A transaction that may write to the outbox beside the change it tells of. */
export type OutboxTransaction = IDBPTransaction<
  Schema,
  ('outbox' | 'settings' | StoreNames<Schema>)[],
  'readwrite'
>;

/**
 * Notes in a change's own transaction that the server has to be told: after a crash either both
 * are there or neither. Without a user who shows this device's transcripts nothing is noted.
 * @param deletedAt when it was taken away, in ms since 1970; `null`: it is there
 * @returns whether it was noted; the caller announces `outbox` when the transaction is done
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

/** What the server has not been told yet, in no order. */
export function listOutbox(): Promise<OutboxRecord[]> {
  return storing((db) => db.getAll('outbox'));
}

/**
 * What waits to be sent of one transcript; `null` when nothing does any more. That it waits is
 * forgotten when nothing is here that could be sent.
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

/** Takes back that something waits: the server refuses it for good. */
export async function removeFromOutbox(transcriptId: string): Promise<void> {
  await storing((db) => db.delete('outbox', transcriptId));
  announce('outbox', transcriptId);
}
