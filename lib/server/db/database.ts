import 'server-only';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { memoizePromise } from '@/lib/core';
import { forgetSingleton, processSingleton, serverEnv } from '@/lib/server/process';
import type * as schema from './schema';

/** The query builder, the same over both drivers. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The query builder inside a transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/**
 * An open database. Every failure is an `AppError`: SERVER_BUSY when it is unreachable, restarting, too slow or
 * out of connections; UNKNOWN otherwise. `isUniqueViolation` looks at its cause.
 */
export interface Database {
  kind: 'pglite' | 'postgres';
  /** Single statements. Inside a transaction use its `tx`: the embedded database has only one connection. */
  db: Db;
  /**
   * Commits when `run` resolves, else rolls back. It is aborted after 14 s: do not wait for anything slow in it,
   * such as a request's body or another server.
   */
  transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves once a statement has been answered; rejects with ABORTED when the signal fires first. */
  ping(signal: AbortSignal): Promise<void>;
  /** Numbers of connections, and of callers that wait for one. */
  stats(): { open: number; idle: number; waiting: number };
  close(): Promise<void>;
}

export { isUniqueViolation } from './failure';

function embeddedDirectory(): string {
  return join(serverEnv().dataDir, 'database');
}

interface Opener {
  /** The result of the last call. */
  asked: Promise<Database> | null;
  /** What is open now. */
  opened: Database | null;
  /** It was opened elsewhere (tests), so it exists. */
  isGiven: boolean;
  get(): Promise<Database>;
}

function makeOpener(open: (opener: Opener) => Promise<Database>, isGiven: boolean): Opener {
  const made: Opener = {
    asked: null,
    opened: null,
    isGiven,
    get: memoizePromise(async () => {
      made.opened = await open(made);
      return made.opened;
    }),
  };
  return made;
}

/** Drivers are loaded when they are needed: PGlite alone is 300 MB of memory. */
async function open(own: Opener): Promise<Database> {
  const { databaseUrl } = serverEnv();
  if (databaseUrl !== null) return (await import('./postgres')).openPostgres(databaseUrl);
  const { openEmbedded } = await import('./embedded');
  return openEmbedded(embeddedDirectory(), () => {
    // the engine died; the next call starts another one, which recovers what was committed
    if (opener() === own) forgetSingleton('database');
  });
}

function opener(): Opener {
  return processSingleton('database', () => makeOpener(open, false));
}

/**
 * The process's database: PostgreSQL when `DATABASE_URL` is set, else PGlite under `DATA_DIR`. It is
 * opened, and its schema brought up to date, at the first call; after a failure the next call tries
 * again.
 * @throws SERVER_BUSY when it does not answer or another process has it open; BAD_REQUEST for a wrong
 * environment
 */
export function database(): Promise<Database> {
  const kept = opener();
  kept.asked = kept.get();
  return kept.asked;
}

/** Whether there may be accounts. If not, the embedded database does not have to be created, which is slow. */
export function databaseExists(): boolean {
  const { asked, isGiven } = opener();
  if (serverEnv().databaseUrl !== null || asked || isGiven) return true;
  return existsSync(join(/* turbopackIgnore: true */ embeddedDirectory(), 'PG_VERSION'));
}

/** The process's database if it is already open: for callers that must not cause it to be opened. */
export function openDatabase(): Database | null {
  return opener().opened;
}

/** Closes the process's database if it is open. The next call of `database()` opens it again. */
export async function closeDatabase(): Promise<void> {
  const { asked } = opener();
  forgetSingleton('database');
  const opened = await asked?.catch(() => null);
  await opened?.close();
}

/** Replaces the process's database without closing it: for tests. */
export function replaceDatabase(get: (() => Promise<Database>) | null): void {
  forgetSingleton('database');
  if (get) processSingleton('database', () => makeOpener(get, true));
}
