import {
  asAnswered,
  isCovered,
  merge,
  removedSummary,
  type TranscriptSummary,
} from '@/lib/transcript';
import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer, type OutboxTransaction } from './enqueue';
import type { SyncState, TranscriptRecord } from './schema';
import { settingOf } from './setting-values';
import { applyRemote, fieldTimesAfter, isShareable, summaryOf, summaryOfRemote } from './summaries';

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

/** Changes the synchronisation state together with what follows from it, in one transaction. */
async function changeState(
  change: (state: SyncState, tx: OutboxTransaction) => Promise<SyncState | null>,
): Promise<void> {
  const changed = await storing(async (db) => {
    const tx = db.transaction(['settings', 'outbox', 'elsewhere', 'transcripts'], 'readwrite');
    const state = settingOf('sync', await tx.objectStore('settings').get('sync'));
    const next = await change(state, tx);
    if (next) await tx.objectStore('settings').put({ name: 'sync', value: next });
    await tx.done;
    return next !== null;
  });
  if (!changed) return;
  announce('settings', 'sync');
  announce('elsewhere');
  announce('outbox');
}

/** The transcripts of this device that may be shown on others: finished and not deleted. */
async function showable(tx: OutboxTransaction): Promise<TranscriptRecord[]> {
  const all = await tx.objectStore('transcripts').getAll();
  return all.filter(isShareable);
}

/**
 * A user has signed in on this device. What another user left behind is removed; after a break,
 * everything that this device shows is compared with the server again.
 */
export function enterAccount(owner: string): Promise<void> {
  return changeState(async (state, tx) => {
    if (state.owner === owner && state.signedIn) return null;
    const mine = state.owner === owner;
    if (!mine) await Promise.all([tx.objectStore('outbox').clear(), clearRemoteTranscripts(tx)]);
    const next = { ...state, owner, signedIn: true, revision: 0 };
    await tx.objectStore('settings').put({ name: 'sync', value: next });
    for (const { id } of await showable(tx)) await enqueueForServer(tx, id, null);
    return next;
  });
}

/**
 * The user has signed out: their list is removed from this device. Deletions (only ids) are kept until
 * they sign in again, so that nothing deleted reappears.
 */
export function leaveAccount(): Promise<void> {
  return changeState(async (state, tx) => {
    if (!state.signedIn) return null;
    await clearRemoteTranscripts(tx);
    for (const { transcriptId, deletedAt } of await tx.objectStore('outbox').getAll())
      if (deletedAt === null) await tx.objectStore('outbox').delete(transcriptId);
    return { ...state, signedIn: false, revision: 0 };
  });
}

/** The server has lost data (an older copy of its database was restored): everything is compared again. */
export function startOver(): Promise<void> {
  return changeState(async (state, tx) => {
    await clearRemoteTranscripts(tx);
    for (const { id } of await showable(tx)) await enqueueForServer(tx, id, null);
    return { ...state, revision: 0 };
  });
}

/**
 * Sets whether the transcripts of this device are shown on the user's other devices; stored per user.
 * When turned on (again), all transcripts here are sent, whatever was deleted elsewhere meanwhile.
 */
export function setShownOnOtherDevices(owner: string, shows: boolean): Promise<void> {
  return changeState(async (state, tx) => {
    if (state.owner !== owner) return null;
    const next = { ...state, shows: { ...state.shows, [owner]: shows } };
    await tx.objectStore('settings').put({ name: 'sync', value: next });
    for (const record of await showable(tx)) {
      if (!shows) {
        await tx.objectStore('outbox').delete(record.id);
        continue;
      }
      const fieldTimes = fieldTimesAfter(record, { deleted: false });
      await tx.objectStore('transcripts').put({ ...record, fieldTimes });
      await enqueueForServer(tx, record.id, null);
    }
    return next;
  });
}

/** Removes the transcripts of this device from the server's list; they stay on the device. */
export function withdrawFromServer(owner: string): Promise<void> {
  return changeState(async (state, tx) => {
    if (state.owner !== owner || state.shows[owner] !== false) return null;
    const now = Date.now();
    for (const { id: transcriptId } of await showable(tx))
      await tx.objectStore('outbox').put({ transcriptId, deletedAt: now });
    return state;
  });
}

const clearRemoteTranscripts = (tx: OutboxTransaction) => tx.objectStore('elsewhere').clear();
