import 'server-only';
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { AppError, abortable } from '@/lib/core';
import { DURABLE_START, DurableNodeFS, lockDirectory, log } from '@/lib/server/process';
import type { Database, Db } from './database';
import { databaseError } from './failure';
import * as schema from './schema';
import {
  guardStatements,
  LIMITS,
  type Limits,
  migrationsFolder,
  runTransaction,
} from './statements';

/**
 * Opens a PostgreSQL database inside this process; no other process may have its directory open.
 * @param directory absolute; created and initialised if it is missing, which takes seconds
 * @param onDeath called when the engine has died: this database is closed, and may be opened again
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
      // the dead engine is not used any more, not even to close it
      engine = null;
      log('error', 'database.engine_died', { cause: String(cause) });
      unlock();
      onDeath();
      // closes its files once the engine is off the stack
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

/** Exit status of a failed statement, after which the engine continues. */
const STATEMENT_FAILED = 100;

/**
 * Detects the death of the engine: a panic (for example if the disk cannot be written) or a crash of its code.
 * PGlite does not: it swallows every exception, and would call the dead engine for the rest of the message in
 * an endless loop that blocks the process. So every further call is refused here.
 * @param onDeath called once; the engine must not be used or closed any more
 */
export function watchForDeath(engine: PGlite, onDeath: (cause: unknown) => void): void {
  const { Module: module } = engine;
  const { _PostgresMainLoopOnce: step, stackRestore } = module;
  let dead: AppError | null = null;
  const whileAlive = (act: () => void) => () => {
    if (!dead) act();
  };
  module._PostgresMainLoopOnce = () => {
    if (dead) throw dead;
    try {
      step();
    } catch (error) {
      if (!isStatementFailure(error)) {
        dead = new AppError(
          'SERVER_BUSY',
          'The embedded database stopped and is being restarted.',
          {
            cause: error,
          },
        );
        onDeath(error);
      }
      throw error;
    }
  };
  // called where PGlite has caught what the step threw: throwing here ends its loop
  module.stackRestore = (pointer) => {
    if (dead) throw dead;
    return stackRestore(pointer);
  };
  module._PostgresSendReadyForQueryIfNecessary = whileAlive(
    module._PostgresSendReadyForQueryIfNecessary,
  );
  module._pgl_pq_flush = whileAlive(module._pgl_pq_flush);
}

function isStatementFailure(error: unknown): boolean {
  // thrown as a plain object
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    error.status === STATEMENT_FAILED
  );
}
