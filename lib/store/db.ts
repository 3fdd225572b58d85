import { type IDBPDatabase, openDB } from 'idb';
import { AppError, toAppError } from '../core/errors';
import { memoizePromise } from '../core/memoize-promise';
import { migrate } from './migrations';
import { DATABASE_VERSION, type Schema } from './schema';

const DATABASE_NAME = 'ai2text';

/** How long an upgrade may wait for other tabs before it is called blocked. */
const BLOCKED_AFTER_MS = 3_000;

export type Database = IDBPDatabase<Schema>;

/** Called when a newer build in another tab wants to upgrade: this page can no longer store. */
let onOutdated: () => void = () => undefined;

/** Registers what the page does when it must be reloaded because a newer build took over. */
export function whenOutdated(callback: () => void): void {
  onOutdated = callback;
}

const open = memoizePromise(async (): Promise<Database> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blocked = new Promise<never>((_, reject) => {
    const fail = () =>
      reject(new AppError('STORE_BLOCKED', 'Another tab keeps the database from being upgraded.'));
    timer = setTimeout(fail, BLOCKED_AFTER_MS);
  });
  const opening = openDB<Schema>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade: migrate,
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
    return await Promise.race([opening, blocked]);
  } catch (error) {
    givenUp = true;
    throw storeError(error);
  } finally {
    clearTimeout(timer);
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
