import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer, type OutboxTransaction } from './outbox';
import type { SyncState, TranscriptRecord } from './schema';
import { settingOf } from './settings';
import { fieldTimesAfter, isShareable } from './summaries';

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
