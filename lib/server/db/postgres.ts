import 'server-only';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { AppError, abortable } from '@/lib/core';
import { log } from '@/lib/server/process';
import type { Database, Db, Tx } from './database';
import { databaseError, isConnectionLost } from './failure';
import * as schema from './schema';
import {
  guardStatements,
  LIMITS,
  type Limits,
  migrationsFolder,
  runTransaction,
} from './statements';

/** Any number, but the same in every instance. */
const MIGRATION_LOCK = 727_274;
/** A migration rewrites tables: it gets longer than a request's statement. */
const MIGRATION_TIMEOUT_MS = 120_000;

/** Brings the schema up to date; instances that start together do it one after the other. */
async function migrateOnce(connectionString: string): Promise<void> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: LIMITS.connectMs,
    statement_timeout: MIGRATION_TIMEOUT_MS,
    query_timeout: MIGRATION_TIMEOUT_MS,
    application_name: 'ai2text migrations',
  });
  // what happens between two statements surfaces with the next one
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder() });
  } finally {
    // the lock goes with its connection
    await client.end().catch((error: unknown) => {
      log('warn', 'database.end_failed', { message: databaseError(error).message });
    });
  }
}

/**
 * Opens a pool of connections to a PostgreSQL server, whose schema is brought up to date first.
 * @throws SERVER_BUSY when it does not answer
 */
export async function openPostgres(
  connectionString: string,
  limits: Limits = LIMITS,
): Promise<Database> {
  try {
    await migrateOnce(connectionString);
  } catch (error) {
    throw databaseError(error);
  }
  const pool = new pg.Pool({
    connectionString,
    max: limits.connections,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: limits.statementMs,
    query_timeout: limits.answerMs,
    idle_in_transaction_session_timeout: limits.transactionMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'ai2text',
  });
  // an idle connection that breaks is dropped by the pool; the next caller gets another
  pool.on('error', (error) => {
    log('warn', 'database.connection_lost', { message: databaseError(error).message });
  });
  return postgres(pool, limits);
}

/** Runs `act` on a connection of its own, which is given back, or ended when it is of no more use. */
async function withConnection<T>(
  pool: pg.Pool,
  act: (client: pg.PoolClient) => Promise<T>,
  isBroken: (error: unknown) => boolean,
): Promise<T> {
  const client = await pool.connect();
  let broken: unknown = null;
  const note = (error: unknown) => {
    broken = error;
  };
  client.on('error', note);
  try {
    return await act(client);
  } catch (error) {
    if (isBroken(error)) broken = error;
    throw error;
  } finally {
    client.off('error', note);
    client.release(broken !== null);
  }
}

/** Drizzle calls nothing of a connection but `query`. */
interface Queryable {
  query(config: pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult>;
}

function builder(connection: Queryable): Db {
  return drizzle(connection as unknown as pg.Pool, { schema });
}

/** One transaction on a connection of its own; only one that ended in order is used again. */
function begin<T>(pool: pg.Pool, body: (tx: Tx) => Promise<T>): Promise<T> {
  let isInOrder = false;
  const inTransaction = (client: pg.PoolClient) => {
    const db = builder({
      async query(config, values) {
        const result = await client.query(config, values);
        if (config.text === 'commit' && result.command !== 'COMMIT')
          throw new AppError(
            'UNKNOWN',
            'A transaction went on after a statement of it had failed.',
          );
        if (config.text === 'commit' || config.text === 'rollback') isInOrder = true;
        return result;
      },
    });
    return db.transaction(body);
  };
  return withConnection(pool, inTransaction, () => !isInOrder);
}

function postgres(pool: pg.Pool, limits: Limits): Database {
  // `pool.query` ends a connection after any error, also after one that a row was refused with
  const db = builder({
    query: (config, values) =>
      withConnection(pool, (client) => client.query(config, values), isConnectionLost),
  });
  const transaction: Database['transaction'] = (run) =>
    runTransaction((body) => begin(pool, body), run, limits);
  db.transaction = transaction;
  guardStatements(db);
  return {
    kind: 'postgres',
    db,
    transaction,
    async ping(signal) {
      await abortable(db.execute('select 1'), signal);
    },
    stats: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}
