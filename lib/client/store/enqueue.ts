import type { IDBPTransaction, StoreNames } from 'idb';
import type { Schema } from './schema';
import { settingOf } from './setting-values';

/** A transaction that may write to the outbox together with the change itself. */
export type OutboxTransaction = IDBPTransaction<
  Schema,
  ('outbox' | 'settings' | StoreNames<Schema>)[],
  'readwrite' | 'versionchange'
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
