import { announce } from './changes';
import { storing } from './db';
import { enqueueForServer, type OutboxTransaction } from './outbox';
import type { SyncState, TranscriptRecord } from './schema';
import { settingOf } from './settings';
import { fieldTimesAfter, isShareable } from './summaries';

/** Changes how this device stands with the server, in one transaction with what that means here. */
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

/** The finished transcripts of this device that are not deleted: those that may be shown. */
async function showable(tx: OutboxTransaction): Promise<TranscriptRecord[]> {
  const all = await tx.objectStore('transcripts').getAll();
  return all.filter(isShareable);
}

/**
 * A user is signed in on this device. What another one left behind is removed; after being away,
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
 * The user signed out: their list is removed from this device. What was deleted waits for them to
 * come back (an id, nothing else), so that it does not appear again.
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

/** The server has lost what it had (an older copy of its database): all is compared again. */
export function startOver(): Promise<void> {
  return changeState(async (state, tx) => {
    await clearRemoteTranscripts(tx);
    for (const { id } of await showable(tx)) await enqueueForServer(tx, id, null);
    return { ...state, revision: 0 };
  });
}

/**
 * Whether the transcripts of this device are shown on the user's other devices. Remembered for each
 * user. Shown (again), all that are here are sent, whatever was deleted elsewhere meanwhile.
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

/** Takes the transcripts of this device off the server's list; here they stay. */
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
