import 'server-only';
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { abortable } from '@/lib/core';
import { DURABLE_START, DurableNodeFS, lockDirectory, log } from '@/lib/server/process';
import { watchForDeath } from './engine-death';
import { databaseError } from './failure';
import { LIMITS, type Limits } from './limits';
import { migrationsFolder } from './migrations';
import * as schema from './schema';
import { guardStatements, runTransaction } from './statements';
import type { Database, Db } from './types';

/**
 * Opens PostgreSQL inside this process over a directory, which no other process may have open.
 * @param directory absolute; made and filled when it is not there, which takes seconds
 * @param onDeath the engine stopped by itself: this database is closed, and may be opened anew
 * @throws SERVER_BUSY when another process has it open
 */
export async function openEmbedded(
  directory: string,
  onDeath: () => void,
  limits: Limits = LIMITS,
): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unlock = await lockDirectory(directory);
  const files = new DurableNodeFS(directory);
  let engine: PGlite | null = null;
  try {
    engine = await PGlite.create({ fs: files, startParams: DURABLE_START });
    watchForDeath(engine, (cause) => {
      // nothing is asked of it any more, not even to close
      engine = null;
      log('error', 'database.engine_died', { cause: String(cause) });
      unlock();
      onDeath();
      // its open files, once it is off the stack
      setImmediate(() => {
        files.closeFs().catch((error: unknown) => {
          log('warn', 'database.files_left_open', { cause: String(error) });
        });
      });
    });
    const db = drizzle(engine, { schema });
    await migrate(db, { migrationsFolder: migrationsFolder() });
    return embedded(engine, db, unlock, limits);
  } catch (error) {
    await engine?.close();
    unlock();
    throw databaseError(error);
  }
}

function embedded(engine: PGlite, db: Db, unlock: () => void, limits: Limits): Database {
  let running = 0;
  const begin: Database['transaction'] = db.transaction.bind(db);
  const transaction: Database['transaction'] = async (run) => {
    running += 1;
    try {
      return await runTransaction(begin, run, limits);
    } finally {
      running -= 1;
    }
  };
  db.transaction = transaction;
  guardStatements(db);
  return {
    kind: 'pglite',
    db,
    transaction,
    async ping(signal) {
      await abortable(db.execute('select 1'), signal);
    },
    stats: () => ({ open: 1, idle: running === 0 ? 1 : 0, waiting: Math.max(0, running - 1) }),
    async close() {
      try {
        await engine.close();
      } finally {
        unlock();
      }
    },
  };
}
