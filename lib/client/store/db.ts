import { type IDBPDatabase, openDB } from 'idb';
import { AppError, isAbort, isAppError, memoizePromise, toAppError } from '@/lib/core';
import { currentLibrary } from './current-library';
import { type LibraryId, libraryName } from './library';
import { migrate } from './migrations';
import { DATABASE_VERSION, type Schema } from './schema';

/** How long an upgrade may wait for other tabs before it is called blocked. */
const BLOCKED_AFTER_MS = 3_000;

/** How long opening may take on a slow or broken disk. */
const OPEN_TIMEOUT_MS = 30_000;

export type Database = IDBPDatabase<Schema>;

type Connection = ReturnType<typeof memoizePromise<Database>>;

/** Called when a newer build in another tab wants to upgrade: this page can no longer store. */
let onOutdated: () => void = () => undefined;

/** Registers what the page does when it must be reloaded because a newer build took over. */
export function whenOutdated(callback: () => void): void {
  onOutdated = callback;
}

let beforeUse: (library: LibraryId) => Promise<void> = async () => undefined;

/**
 * Registers what has to be settled before the page's own library is used (a move that broke off). It
 * is done once, and again when it failed; it reaches libraries by `storingIn`.
 */
export function settleBeforeUse(step: (library: LibraryId) => Promise<void>): void {
  beforeUse = step;
  settled.forget();
}

const settled = memoizePromise(() => beforeUse(currentLibrary()));

const connections = new Map<LibraryId, Connection>();

/** The connection to a library: every caller shares one. */
function connection(library: LibraryId): Connection {
  const known = connections.get(library);
  if (known) return known;
  const made: Connection = memoizePromise(() => open(libraryName(library), () => made.forget()));
  connections.set(library, made);
  return made;
}

/** Errors: STORE_BLOCKED, STORE_FAILED. @param onClosed the connection is of no use any more */
async function open(name: string, onClosed: () => void): Promise<Database> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let giveUp: (error: AppError) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const giveUpAfter = (ms: number, error: AppError) =>
    timers.push(setTimeout(() => giveUp(error), ms));
  giveUpAfter(OPEN_TIMEOUT_MS, new AppError('STORE_FAILED', 'The database does not open.'));
  const opening = openDB<Schema>(name, DATABASE_VERSION, {
    upgrade: migrate,
    blocked: () =>
      giveUpAfter(
        BLOCKED_AFTER_MS,
        new AppError('STORE_BLOCKED', 'Another tab keeps the database from being upgraded.'),
      ),
    blocking: (_current, _blocked, event) => {
      // an `IDBDatabase` by the specification: only connections receive `versionchange`
      (event.target as IDBDatabase).close();
      onClosed();
      onOutdated();
    },
    terminated: onClosed,
  });
  // when the wait was given up, a connection that opens later must not linger
  let givenUp = false;
  opening.then(
    (db) => givenUp && db.close(),
    () => undefined, // the race below reports it
  );
  try {
    return await Promise.race([opening, tooLong]);
  } catch (error) {
    givenUp = true;
    throw storeError(error);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Closes all connections (tests). The next call opens them again. */
export async function closeDatabase(): Promise<void> {
  for (const one of connections.values()) {
    const db = await one().catch(() => null); // one that never opened has nothing to close
    db?.close();
  }
  connections.clear();
  settled.forget();
}

/** Names storage failures: a full disk is told apart from a broken database. */
function storeError(error: unknown): AppError {
  // the platform aborts requests of a transaction or connection that failed: nobody asked for it
  if (!isAppError(error) && isAbort(error))
    return new AppError('STORE_FAILED', 'The database broke off.', { cause: error });
  return toAppError(error, 'STORE_FAILED');
}

/** Runs one storage step on the page's own library and names its failure. */
export async function storing<T>(step: (db: Database) => Promise<T>): Promise<T> {
  await settled();
  return storingIn(currentLibrary(), step);
}

/** As `storing`, on any library. */
export async function storingIn<T>(
  library: LibraryId,
  step: (db: Database) => Promise<T>,
): Promise<T> {
  try {
    return await step(await connection(library)());
  } catch (error) {
    throw storeError(error);
  }
}
