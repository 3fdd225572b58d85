import 'server-only';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { memoizePromise } from '@/lib/core';
import { forgetSingleton, processSingleton, serverEnv } from '@/lib/server/process';
import type { Database } from './types';

export { isUniqueViolation } from './failure';
export type { Database, Tx } from './types';

function embeddedDirectory(): string {
  return join(serverEnv().dataDir, 'database');
}

interface Opener {
  /** What the last call got. */
  asked: Promise<Database> | null;
  /** What is open now. */
  opened: Database | null;
  /** Opened by somebody else: it is there. */
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

/** Whether there may be accounts: without this the embedded database need not be made, which is slow. */
export function databaseExists(): boolean {
  const { asked, isGiven } = opener();
  if (serverEnv().databaseUrl !== null || asked || isGiven) return true;
  return existsSync(join(/* turbopackIgnore: true */ embeddedDirectory(), 'PG_VERSION'));
}

/** The process's database if it is open by now: for what must not be the reason to open it. */
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

/** Puts another database in the place of the process's own, which is not closed: for tests. */
export function replaceDatabase(get: (() => Promise<Database>) | null): void {
  forgetSingleton('database');
  if (get) processSingleton('database', () => makeOpener(get, true));
}
