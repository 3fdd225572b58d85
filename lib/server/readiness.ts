import 'server-only';
import { abortable, toAppError } from '@/lib/core';
import { database, databaseExists } from './db';
import { objectStore } from './objects';
import { log } from './process';

/** Each part has this long to answer, in ms. */
const PART_TIMEOUT_MS = 3_000;

/** `unused`: the embedded database has not been made yet, which nothing but a first account does. */
type Part = 'ok' | 'failed' | 'unused';

/** Whether this instance and the services it depends on can serve. */
export interface Readiness {
  isReady: boolean;
  database: Part;
  objects: Part;
}

/**
 * Checks the database and the object store, for at most three seconds each. An embedded database that does
 * not exist counts as ready: creating it takes seconds in which this process does not respond, and a
 * single-user install never needs one.
 */
export async function readiness(): Promise<Readiness> {
  const [db, objects] = await Promise.all([
    databaseExists()
      ? check('database', async (signal) => (await database()).ping(signal))
      : ('unused' as const),
    check('objects', (signal) => objectStore().ping(signal)),
  ]);
  return { isReady: db !== 'failed' && objects !== 'failed', database: db, objects };
}

async function check(part: string, ask: (signal: AbortSignal) => Promise<void>): Promise<Part> {
  const signal = AbortSignal.timeout(PART_TIMEOUT_MS);
  try {
    await abortable(ask(signal), signal);
    return 'ok';
  } catch (error) {
    const { code, message } = toAppError(error);
    log('warn', 'health.not_ready', { part, code, message });
    return 'failed';
  }
}
