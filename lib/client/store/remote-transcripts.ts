import { announce } from './changes';
import { storing } from './db';
import type { RemoteTranscriptRecord } from './schema';
import { writeTime } from './summaries';
import type { SearchHit } from './transcripts';

/** Every transcript that another device keeps, newest first. */
export async function listRemoteTranscripts(): Promise<RemoteTranscriptRecord[]> {
  const all = await storing((db) => db.getAll('elsewhere'));
  return all.sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

/** One remote transcript, or `null` if there is none. */
export async function getRemoteTranscript(id: string): Promise<RemoteTranscriptRecord | null> {
  return (await storing((db) => db.get('elsewhere', id))) ?? null;
}

/** Those whose title contains `query`, ignoring case; same shape as `searchTranscripts`. */
export async function searchRemoteTranscripts(query: string): Promise<SearchHit[]> {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  return (await listRemoteTranscripts())
    .filter(({ title }) => title.toLowerCase().includes(wanted))
    .map(({ id, title }) => ({ transcriptId: id, startMs: null, text: title, count: 0 }));
}

/** Renames it on every device. Does nothing if it no longer exists. */
export async function renameRemoteTranscript(id: string, title: string): Promise<void> {
  await change(id, (record) => ({
    ...record,
    title,
    fieldTimes: { ...record.fieldTimes, title: writeTime(record.fieldTimes.title) },
  }));
}

/**
 * Deletes it here and on the device that has its words.
 * @returns what `restoreRemoteTranscript` needs for an undo; `null` if it was deleted already
 */
export function deleteRemoteTranscript(id: string): Promise<RemoteTranscriptRecord | null> {
  return change(id, () => null);
}

/** Undoes a deletion, on every device. */
export async function restoreRemoteTranscript(record: RemoteTranscriptRecord): Promise<void> {
  const { id, fieldTimes } = record;
  await storing(async (db) => {
    const tx = db.transaction(['elsewhere', 'outbox'], 'readwrite');
    const waiting = await tx.objectStore('outbox').get(id);
    const deleted = writeTime(Math.max(fieldTimes.deleted, waiting?.deletedAt ?? 0));
    await Promise.all([
      tx.objectStore('elsewhere').put({ ...record, fieldTimes: { ...fieldTimes, deleted } }),
      tx.objectStore('outbox').put({ transcriptId: id, deletedAt: null }),
      tx.done,
    ]);
  });
  notify(id);
}

/** Changes or removes one record and queues the change for the server. @returns the old record */
async function change(
  id: string,
  to: (record: RemoteTranscriptRecord) => RemoteTranscriptRecord | null,
): Promise<RemoteTranscriptRecord | null> {
  const before = await storing(async (db) => {
    const tx = db.transaction(['elsewhere', 'outbox'], 'readwrite');
    const record = await tx.objectStore('elsewhere').get(id);
    if (!record) {
      await tx.done;
      return null;
    }
    const next = to(record);
    const deletedAt = next ? null : writeTime(record.fieldTimes.deleted);
    await Promise.all([
      next ? tx.objectStore('elsewhere').put(next) : tx.objectStore('elsewhere').delete(id),
      tx.objectStore('outbox').put({ transcriptId: id, deletedAt }),
      tx.done,
    ]);
    return record;
  });
  if (before) notify(id);
  return before;
}

function notify(id: string): void {
  announce('elsewhere', id);
  announce('outbox', id);
}
