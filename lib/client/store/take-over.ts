import { storingIn } from './db';
import type { TranscriptLibraryId } from './library';
import { finishMove, withLock } from './move-library';
import type { Settings } from './schema';
import { DEFAULT_SETTINGS, settingOf } from './setting-values';

/**
 * Runs before a page uses its library: finishes an interrupted move, and moves what a build without
 * per-account libraries has stored for an account into that account's library.
 * @param library the page's
 */
export async function prepareLibraries(library: TranscriptLibraryId): Promise<void> {
  try {
    await takeOver(library);
    await finishMove();
  } catch (error) {
    // an account's data is not shown to anyone else
    if (library === null) throw error;
    console.warn('Transcripts could not be moved; the next start tries again', error);
  }
}

/**
 * Older builds had one library for all users. It belongs to the user who was signed in when it was last
 * used, and all of it becomes theirs. If they had signed out, it stays where it is, visible without an
 * account as before and offered to them alone; its synchronisation state moves to their library.
 */
async function takeOver(library: TranscriptLibraryId): Promise<void> {
  if (!isOpen(await oldState(), library)) return;
  await withLock('ai2text:take-over', async () => {
    const state = await oldState();
    const { owner, signedIn, shows } = state;
    if (owner === null || !isOpen(state, library)) return;
    const [outbox, elsewhere] = await storingIn(null, (db) =>
      Promise.all([db.getAll('outbox'), db.getAll('elsewhere')]),
    );
    const shown = shows[owner];
    const taken: Settings['sync'] = {
      ...state,
      shows: shown === undefined ? {} : { [owner]: shown },
    };
    await storingIn(owner, async (db) => {
      const tx = db.transaction(['settings', 'outbox', 'elsewhere'], 'readwrite');
      const isThere = (await tx.objectStore('settings').getKey('sync')) !== undefined;
      await Promise.all([
        !isThere && tx.objectStore('settings').put({ name: 'sync', value: taken }),
        ...outbox.map((row) => tx.objectStore('outbox').put(row)),
        ...elsewhere.map((row) => tx.objectStore('elsewhere').put(row)),
        tx.done,
      ]);
    });
    await storingIn(null, async (db) => {
      const tx = db.transaction(['settings', 'outbox', 'elsewhere'], 'readwrite');
      const settings = tx.objectStore('settings');
      const moving: Settings['moving'] = { from: null, to: owner };
      const left: Settings['sync'] = { ...DEFAULT_SETTINGS.sync, owner };
      await Promise.all([
        settings.put({ name: 'sync', value: left }),
        signedIn && settings.put({ name: 'moving', value: moving }),
        tx.objectStore('outbox').clear(),
        tx.objectStore('elsewhere').clear(),
        tx.done,
      ]);
    });
  });
}

/** The synchronisation state of the library without an account; only older builds stored one. */
async function oldState(): Promise<Settings['sync']> {
  return settingOf('sync', await storingIn(null, (db) => db.get('settings', 'sync')));
}

function isOpen(
  { owner, signedIn, shows }: Settings['sync'],
  library: TranscriptLibraryId,
): boolean {
  return owner !== null && (signedIn || (owner === library && Object.keys(shows).length > 0));
}

/**
 * Whether transcripts made without an account may be offered to this account: not those that an older
 * build stored for another one.
 */
export async function mayBeOfferedTo(account: string): Promise<boolean> {
  const { owner } = await oldState();
  return owner === null || owner === account;
}
