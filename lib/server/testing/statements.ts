import { onTestFinished, vi } from 'vitest';
import { database } from '@/lib/server/db/database';

/**
 * The SQL of every statement outside transactions that the database gets from now on, in order, until the test is
 * over. All of them go through one place in Drizzle: the session's prepared query.
 */
export async function recordStatements(): Promise<string[]> {
  const statements: string[] = [];
  const { session } = (await database()).db._;
  const prepare = session.prepareQuery.bind(session);
  const spy = vi.spyOn(session, 'prepareQuery').mockImplementation((query, ...rest) => {
    statements.push(query.sql);
    return prepare(query, ...rest);
  });
  onTestFinished(() => spy.mockRestore());
  return statements;
}
