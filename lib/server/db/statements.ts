import 'server-only';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, withTimeout } from '@/lib/core';
import type { Db, Tx } from './database';
import { databaseError, isDatabaseFailure } from './failure';

/**
 * The folder of migrations: beside the app, both in a checkout and in the standalone build.
 * @throws UNKNOWN when it is not there
 */
export function migrationsFolder(): string {
  const folder = join(/* turbopackIgnore: true */ process.cwd(), 'drizzle');
  if (existsSync(join(folder, 'meta', '_journal.json'))) return folder;
  throw new AppError(
    'UNKNOWN',
    'The folder drizzle with the database migrations is not in the working directory.',
  );
}

/** How many connections one process uses, and how long it waits. */
export interface Limits {
  connections: number;
  /** How long a caller waits for a connection, new or given back. */
  connectMs: number;
  /** How long the server works on one statement. */
  statementMs: number;
  /** How long we wait for a statement's answer: longer than `statementMs`, so that a live server times out first. */
  answerMs: number;
  /** How long a transaction may take from its beginning. */
  transactionMs: number;
}

export const LIMITS: Limits = {
  connections: 10,
  connectMs: 5_000,
  statementMs: 10_000,
  answerMs: 12_000,
  transactionMs: 14_000,
};

/**
 * Makes every failing statement of this query builder throw an `AppError`. All of them go through one place in
 * Drizzle: the session's prepared query.
 * @param isOver statements are refused once this returns true
 */
export function guardStatements(db: Db, isOver: () => boolean = () => false): void {
  const { session } = db._;
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = ((...args: Parameters<typeof prepare>) => {
    const query = prepare(...args);
    const execute = query.execute.bind(query);
    query.execute = async (...values: Parameters<typeof execute>) => {
      // Drizzle's own commit and rollback go through here too
      if (isOver() && !/^(commit|rollback)$/.test(query.getQuery().sql))
        throw new AppError(
          'UNKNOWN',
          'This transaction is over: it was not waited for, or too slow.',
        );
      try {
        return await execute(...values);
      } catch (error) {
        throw databaseError(error);
      }
    };
    return query;
    // the method is generic over the row, which passes through untouched
  }) as typeof session.prepareQuery;
}

/**
 * Runs a transaction with the driver's `begin`, within a time limit. Once it is over, statements that `run` left
 * behind are refused: they would execute outside of the transaction.
 * @throws what `run` throws, as it is; an `AppError` for failures of the database
 */
export async function runTransaction<T>(
  begin: (body: (tx: Tx) => Promise<T>) => Promise<T>,
  run: (tx: Tx) => Promise<T>,
  limits: Limits,
): Promise<T> {
  const { transactionMs } = limits;
  const late = () =>
    new AppError('SERVER_BUSY', `A transaction took longer than ${transactionMs} ms.`);
  let isOver = false;
  let failure: unknown = null;
  try {
    return await begin(async (tx) => {
      guardStatements(tx, () => isOver);
      try {
        return await withTimeout(run(tx), transactionMs, late);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        isOver = true;
      }
    });
  } catch (error) {
    // if even the rollback failed, report why it was needed
    const first = failure ?? error;
    throw isDatabaseFailure(first) ? databaseError(first) : first;
  }
}
