import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { newId } from '@/lib/core';
import { log } from '@/lib/server/process';
import { database } from './database';
import { leases } from './schema';

/** A lease is renewed when this part of it is over. */
const RENEW_AT = 1 / 3;

/**
 * Takes or renews the lease. Times are the database's own: the clocks of instances differ.
 * @returns whether `holder` has it now
 */
async function take(name: string, holder: string, ttlMs: number): Promise<boolean> {
  const { db } = await database();
  const expiresAt = sql`now() + ${ttlMs} * interval '1 millisecond'`;
  const taken = await db
    .insert(leases)
    .values({ name, holder, expiresAt })
    .onConflictDoUpdate({
      target: leases.name,
      set: { holder, expiresAt },
      setWhere: sql`${leases.expiresAt} < now() or ${leases.holder} = ${holder}`,
    })
    .returning({ name: leases.name });
  return taken.length > 0;
}

/**
 * Runs work that one instance does at a time. The lease is renewed while `run` works; its
 * signal fires when the lease was lost, and `run` must then stop.
 * @param ttlMs after this long an instance that died is replaced
 * @returns false when another instance holds it, and `run` was not called
 * @throws what `run` throws
 */
export async function withLease(
  name: string,
  ttlMs: number,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const holder = newId();
  if (!(await take(name, holder, ttlMs))) return false;
  const lost = new AbortController();
  let heldUntilMs = performance.now() + ttlMs;
  const renew = async () => {
    const askedMs = performance.now();
    try {
      if (await take(name, holder, ttlMs)) heldUntilMs = askedMs + ttlMs;
      else lost.abort(new Error(`The lease ${name} went to another copy.`));
    } catch (error) {
      log('warn', 'lease.not_renewed', { name, message: String(error) });
      if (performance.now() >= heldUntilMs) lost.abort(error);
    }
  };
  const timer = setInterval(() => void renew(), ttlMs * RENEW_AT);
  try {
    await run(lost.signal);
    return true;
  } finally {
    clearInterval(timer);
    await giveBack(name, holder);
  }
}

/** So that the next instance need not wait; when it fails the lease runs out by itself. */
async function giveBack(name: string, holder: string): Promise<void> {
  try {
    const { db } = await database();
    await db.delete(leases).where(and(eq(leases.name, name), eq(leases.holder, holder)));
  } catch (error) {
    log('warn', 'lease.not_given_back', { name, message: String(error) });
  }
}
