import { type IDBPDatabase, openDB } from 'idb';
import {
  AppError,
  isAbort,
  isAppError,
  isPrivateSession,
  memoizePromise,
  toAppError,
} from '@/lib/core';
import { currentLibrary } from './current-library';
import { libraryName, type TranscriptLibraryId } from './library';
import { migrate } from './migrate';
import { DATABASE_VERSION, type Schema } from './schema';

/** How long an upgrade may wait for other tabs before it counts as blocked. */
const BLOCKED_AFTER_MS = 3_000;

/** How long opening may take on a slow or broken disk. */
const OPEN_TIMEOUT_MS = 30_000;

export type Database = IDBPDatabase<Schema>;

type Connection = ReturnType<typeof memoizePromise<Database>>;

/** Called when a newer build in another tab wants to upgrade: this page can no longer store. */
let outdatedCallback: () => void = () => undefined;

/** Registers what the page does when a newer build has taken over and it must be reloaded. */
export function onOutdated(callback: () => void): void {
  outdatedCallback = callback;
}

let beforeUse: (library: TranscriptLibraryId) => Promise<void> = async () => undefined;

/**
 * Registers a step that has to finish before the page's own library is used, such as a move that was
 * interrupted. It runs once, and again if it failed; it reaches libraries through `storingIn`.
 */
export function runBeforeFirstUse(step: (library: TranscriptLibraryId) => Promise<void>): void {
  beforeUse = step;
  prepared.forget();
}

const prepared = memoizePromise(() => beforeUse(currentLibrary()));

const connections = new Map<TranscriptLibraryId, Connection>();

/** The connection to a library: every caller shares one. */
function connection(library: TranscriptLibraryId): Connection {
  const known = connections.get(library);
  if (known) return known;
  const made: Connection = memoizePromise(() => open(libraryName(library), () => made.forget()));
  connections.set(library, made);
  return made;
}

/** Errors: STORE_BLOCKED, STORE_FAILED. @param onClosed called when the connection can no longer be used */
async function open(name: string, onClosed: () => void): Promise<Database> {
  if (isPrivateSession()) await keepInMemory();
  const timers: ReturnType<typeof setTimeout>[] = [];
  let giveUp: (error: AppError) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const giveUpAfter = (ms: number, error: AppError) =>
    timers.push(setTimeout(() => giveUp(error), ms));
  giveUpAfter(OPEN_TIMEOUT_MS, new AppError('STORE_FAILED', 'The database did not open in time.'));
  const opening = openDB<Schema>(name, DATABASE_VERSION, {
    upgrade: (db, oldVersion, _newVersion, tx) =>
      void migrate(db, oldVersion, tx).catch((error: unknown) =>
        // where that ended the transaction, opening fails as well
        console.warn('What an older build stored was not brought up to date', error),
      ),
    blocked: () =>
      giveUpAfter(
        BLOCKED_AFTER_MS,
        new AppError('STORE_BLOCKED', 'Another tab is blocking the upgrade of the database.'),
      ),
    blocking: (_current, _blocked, event) => {
      // an `IDBDatabase` by the specification: only connections receive `versionchange`
      (event.target as IDBDatabase).close();
      onClosed();
      outdatedCallback();
    },
    terminated: onClosed,
  });
  // a connection that opens after the timeout must not stay open
  let isAbandoned = false;
  opening.then(
    (db) => isAbandoned && db.close(),
    () => undefined, // reported by the race below
  );
  try {
    return await Promise.race([opening, tooLong]);
  } catch (error) {
    isAbandoned = true;
    throw storeError(error);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Replaces the browser's databases with databases in memory, for this whole page. */
const keepInMemory = memoizePromise(async () => {
  await import('./memory-databases');
});

/** Closes all connections (tests). The next call opens them again. */
export async function closeDatabase(): Promise<void> {
  for (const one of connections.values()) {
    const db = await one().catch(() => null); // it never opened: nothing to close
    db?.close();
  }
  connections.clear();
  prepared.forget();
}

/** Gives a storage failure its code, which distinguishes a full disk from a broken database. */
function storeError(error: unknown): AppError {
  // the platform aborts the requests of a failed transaction or connection: this is not a user's abort
  if (!isAppError(error) && isAbort(error))
    return new AppError('STORE_FAILED', 'The database closed unexpectedly.', { cause: error });
  return toAppError(error, 'STORE_FAILED');
}

/** Runs one storage step on the page's own library. @throws STORE_BLOCKED, STORE_QUOTA, STORE_FAILED */
export async function storing<T>(step: (db: Database) => Promise<T>): Promise<T> {
  await prepared();
  return storingIn(currentLibrary(), step);
}

/** Like `storing`, but on any library. */
export async function storingIn<T>(
  library: TranscriptLibraryId,
  step: (db: Database) => Promise<T>,
): Promise<T> {
  try {
    return await step(await connection(library)());
  } catch (error) {
    throw storeError(error);
  }
}
