import 'server-only';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema';

/** The query builder, the same over both drivers. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The query builder inside a transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/**
 * An open database. Every failure is an `AppError`: SERVER_BUSY when it is gone, restarting, too slow
 * or all its connections are taken; UNKNOWN otherwise. `isUniqueViolation` sees through it.
 */
export interface Database {
  kind: 'pglite' | 'postgres';
  /** Single statements. Inside a transaction use its own `tx`: the embedded database has one line. */
  db: Db;
  /**
   * Commits when `run` resolves, else rolls back. It is cut after 14 s: nothing slow (a body, another
   * server) is waited for in it.
   */
  transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Resolves when a statement came back; rejects with ABORTED when the signal fires first. */
  ping(signal: AbortSignal): Promise<void>;
  /** Connections, and the callers that wait for one. */
  stats(): { open: number; idle: number; waiting: number };
  close(): Promise<void>;
}
