import {
  asAnswered,
  isCovered,
  merge,
  removedSummary,
  type TranscriptSummary,
} from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import type { OutboxTransaction } from './outbox';
import type { TranscriptRecord } from './schema';
import { settingOf } from './settings';
import { applyRemote, summaryOf, summaryOfRemote } from './summaries';

/** Changes from the server, and whose list they belong to. */
export interface ServerChanges {
  owner: string;
  items: TranscriptSummary[];
  /** The revision reached by these changes; missing in the response to a write. */
  revision?: number;
  /** What was written, in the response to a write. */
  sent?: TranscriptSummary;
}

/**
 * Merges the server's changes into what is stored here, in one transaction with the revision they
 * bring; what the server lacks afterwards is queued to be sent.
 * @returns the titles of transcripts of this device that were deleted on another one; `null` if the
 * user is no longer signed in here and nothing was stored
 */
export async function mergeServerChanges({
  owner,
  items,
  revision,
  sent,
}: ServerChanges): Promise<{ id: string; title: string }[] | null> {
  const changed: string[] = [];
  const deletedHere = await storing(async (db) => {
    const tx = db.transaction(
      ['transcripts', 'jobs', 'elsewhere', 'outbox', 'settings'],
      'readwrite',
    );
    const state = settingOf('sync', await tx.objectStore('settings').get('sync'));
    if (!state.signedIn || state.owner !== owner) {
      await tx.done;
      return null;
    }
    const gone: { id: string; title: string }[] = [];
    for (const item of items) {
      const taken = await mergeOne(tx, item, state.shows[owner] === true, sent);
      if (taken === 'same') continue;
      changed.push(item.id);
      if (taken) gone.push({ id: item.id, title: taken.title });
    }
    if (revision !== undefined)
      await tx.objectStore('settings').put({ name: 'sync', value: { ...state, revision } });
    await tx.done;
    return gone;
  });
  for (const id of changed) {
    announce('transcripts', id);
    announce('jobs', id);
  }
  if (items.length > 0) {
    announce('elsewhere');
    announce('outbox');
  }
  return deletedHere;
}

/**
 * @param shows whether this device's own transcripts are shared
 * @returns `same` if no record of this device changed; the record if this deleted it
 */
async function mergeOne(
  tx: OutboxTransaction,
  server: TranscriptSummary,
  shows: boolean,
  sent: TranscriptSummary | undefined,
): Promise<'same' | TranscriptRecord | null> {
  const [record, remote, waiting] = await Promise.all([
    tx.objectStore('transcripts').get(server.id),
    tx.objectStore('elsewhere').get(server.id),
    tx.objectStore('outbox').get(server.id),
  ]);
  const outbox = tx.objectStore('outbox');
  const isOwn = record !== undefined && shows;
  const known = isOwn
    ? summaryOf(record)
    : waiting && waiting.deletedAt !== null
      ? removedSummary(server.id, waiting.deletedAt)
      : remote
        ? summaryOfRemote(remote)
        : null;
  const here = known && sent && isSame(known, sent) ? asAnswered(known, server) : known;
  const merged = here ? merge(here, server) : server;
  if (here && !isCovered(merged, server)) {
    const deletedAt = merged.deleted ? merged.fieldTimes.deleted : null;
    await outbox.put({ transcriptId: server.id, deletedAt });
  } else if (waiting) await outbox.delete(server.id);

  if (isOwn) {
    const next = applyRemote(record, merged);
    await tx.objectStore('transcripts').put(next);
    if (next.deletedAt === record.deletedAt) return next.title === record.title ? 'same' : null;
    const job = await tx.objectStore('jobs').get(server.id);
    if (job) await tx.objectStore('jobs').put({ ...job, deletedAt: next.deletedAt });
    return next.deletedAt === null ? null : next;
  }
  // its words are on this device, and its user does not share them with other devices
  if (record) return 'same';
  if (merged.deleted) await tx.objectStore('elsewhere').delete(server.id);
  else {
    const { deleted: _deleted, ...kept } = merged;
    await tx.objectStore('elsewhere').put(kept);
  }
  return 'same';
}

/** Whether nothing has changed since `sent` was sent. */
function isSame(here: TranscriptSummary, sent: TranscriptSummary): boolean {
  if (here.deleted && sent.deleted) return here.fieldTimes.deleted === sent.fieldTimes.deleted;
  return JSON.stringify(here) === JSON.stringify(sent);
}
