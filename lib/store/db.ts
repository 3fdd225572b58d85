import { type IDBPDatabase, openDB } from 'idb';
import { AppError, isAbort, isAppError, toAppError } from '../core/errors';
import { memoizePromise } from '../core/memoize-promise';
import { migrate } from './migrations';
import { DATABASE_VERSION, type Schema } from './schema';

const DATABASE_NAME = 'ai2text';

/** How long an upgrade may wait for other tabs before it is called blocked. */
const BLOCKED_AFTER_MS = 3_000;

/** How long opening may take on a slow or broken disk. */
const OPEN_TIMEOUT_MS = 30_000;

export type Database = IDBPDatabase<Schema>;

/** Called when a newer build in another tab wants to upgrade: this page can no longer store. */
let onOutdated: () => void = () => undefined;

/** Registers what the page does when it must be reloaded because a newer build took over. */
export function whenOutdated(callback: () => void): void {
  onOutdated = callback;
}

const open = memoizePromise(async (): Promise<Database> => {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let giveUp: (error: AppError) => void = () => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const giveUpAfter = (ms: number, error: AppError) =>
    timers.push(setTimeout(() => giveUp(error), ms));
  giveUpAfter(OPEN_TIMEOUT_MS, new AppError('STORE_FAILED', 'The database does not open.'));
  const opening = openDB<Schema>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade: migrate,
    blocked: () =>
      giveUpAfter(
        BLOCKED_AFTER_MS,
        new AppError('STORE_BLOCKED', 'Another tab keeps the database from being upgraded.'),
      ),
    blocking: (_current, _blocked, event) => {
      // an `IDBDatabase` by the specification: only connections receive `versionchange`
      (event.target as IDBDatabase).close();
      open.forget();
      onOutdated();
    },
    terminated: () => open.forget(),
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
});

/** The open database; every caller shares one connection. Errors: STORE_BLOCKED, STORE_FAILED. */
const database = (): Promise<Database> => open();

/** Closes the connection (tests; before a wipe). The next call opens it again. */
export async function closeDatabase(): Promise<void> {
  const db = await open().catch(() => null); // one that never opened has nothing to close
  open.forget();
  db?.close();
}

/** Names storage failures: a full disk is told apart from a broken database. */
function storeError(error: unknown): AppError {
  // the platform aborts requests of a transaction or connection that failed: nobody asked for it
  if (!isAppError(error) && isAbort(error))
    return new AppError('STORE_FAILED', 'The database broke off.', { cause: error });
  return toAppError(error, 'STORE_FAILED');
}

/** Runs one storage step and names its failure. */
export async function storing<T>(step: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await step(await database());
  } catch (error) {
    throw storeError(error);
  }
}
