import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { AppError } from '@/lib/core';
import { type Db, database, databaseExists, rateLimits } from '@/lib/server/db';
import { processSingleton } from '@/lib/server/process';
import { countRefusal } from './metrics';

/** How often something may be done. */
export interface Limit {
  /** Times in one window. */
  max: number;
  /** Length of a window in s; it begins with the first time. */
  windowS: number;
  /**
   * Counted by this instance alone: for what asks nothing of the database and works while it is gone.
   * Several instances then allow `max` each.
   */
  isLocal?: boolean;
}

/**
 * Until a window is over, in s. By the time at which it is read: a transaction that waited for the one
 * that began the window would count from before it.
 */
const WAIT_S = sql<number>`ceil(extract(epoch from ${rateLimits.resetsAt} - clock_timestamp()))::int`;

/** Whose count of what: a copy of the table contains nobody's address. */
function keyOf(name: string, who: string): string {
  return createHash('sha256').update(`${name}\n${who}`).digest('base64url');
}

function limited(name: string, retryAfterS: number): AppError {
  countRefusal(name);
  return new AppError('RATE_LIMITED', `Too many requests. Try again in ${retryAfterS} s.`, {
    details: { retryAfterS, limit: name },
  });
}

/**
 * Counts one try, and refuses it when there were too many in the window that runs. One statement
 * counts and returns, so that tries at the same moment are each counted once, by all instances
 * together. While there is no database yet, there is one instance, which counts by itself.
 * @param name what is done, such as `auth.sign-in`
 * @param who an address, a user's id or the hash of a link's id
 * @param on the transaction it belongs to, if any
 * @throws RATE_LIMITED, `details.retryAfterS`; SERVER_BUSY when the database cannot be reached
 */
export async function consume(name: string, who: string, limit: Limit, on?: Db): Promise<void> {
  const key = keyOf(name, who);
  if (limit.isLocal || !databaseExists()) {
    const retryAfterS = consumeInMemory(key, limit);
    if (retryAfterS !== null) throw limited(name, retryAfterS);
    return;
  }
  const db = on ?? (await database()).db;
  const ends = sql`now() + make_interval(secs => ${limit.windowS}::int)`;
  const isOver = sql`${rateLimits.resetsAt} <= now()`;
  const [row] = await db
    .insert(rateLimits)
    .values({ key, count: 1, resetsAt: ends })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${rateLimits.count} + 1 end`,
        resetsAt: sql`case when ${isOver} then ${ends} else ${rateLimits.resetsAt} end`,
      },
    })
    .returning({
      count: rateLimits.count,
      waitS: WAIT_S,
    });
  if (row && row.count > limit.max) throw limited(name, Math.max(1, row.waitS));
}

/**
 * Refuses what was done too often already, without counting: for limits on failures alone.
 * @param on the transaction that holds what the tries are about
 * @throws RATE_LIMITED, `details.retryAfterS`
 */
export async function assertNotExhausted(
  name: string,
  who: string,
  limit: Limit,
  on: Db,
): Promise<void> {
  const [row] = await on
    .select({ count: rateLimits.count, waitS: WAIT_S })
    .from(rateLimits)
    .where(and(eq(rateLimits.key, keyOf(name, who)), gt(rateLimits.resetsAt, sql`now()`)));
  if (row && row.count >= limit.max) throw limited(name, Math.max(1, row.waitS));
}

/** Removes counts whose window is over. */
export async function sweepRateLimits(): Promise<void> {
  const { db } = await database();
  await db.delete(rateLimits).where(lt(rateLimits.resetsAt, sql`now()`));
}

interface Count {
  times: number;
  resetsMs: number;
}

/** Beyond this many counts those whose window is over are dropped, and then the oldest. */
const MAX_COUNTS = 10_000;

/**
 * Counts one try in this process alone: for what must work without a database.
 * @returns `null`, or after how many seconds it may be tried again
 */
export function consumeInMemory(
  key: string,
  { max, windowS }: Limit,
  nowMs = Date.now(),
): number | null {
  const counts = processSingleton('local-limit', () => new Map<string, Count>());
  const kept = counts.get(key);
  const count =
    kept && kept.resetsMs > nowMs ? kept : { times: 0, resetsMs: nowMs + windowS * 1000 };
  count.times += 1;
  // the map keeps the order in which windows began
  if (count !== kept) counts.delete(key);
  counts.set(key, count);
  if (counts.size > MAX_COUNTS) makeRoom(counts, nowMs);
  return count.times > max ? Math.max(1, Math.ceil((count.resetsMs - nowMs) / 1000)) : null;
}

function makeRoom(counts: Map<string, Count>, nowMs: number): void {
  for (const [key, { resetsMs }] of counts) if (resetsMs <= nowMs) counts.delete(key);
  for (const key of counts.keys()) {
    if (counts.size <= MAX_COUNTS) return;
    counts.delete(key);
  }
}
