import 'server-only';
import { and, asc, count, getTableColumns, inArray, isNull, min, sql } from 'drizzle-orm';
import type { InboxItem, WorkStats } from '@/lib/contracts';
import { database, workers, workJobs } from '@/lib/server/db';
import { itemOf } from './inbox';

type Job = typeof workJobs.$inferSelect;

/** A worker that was not seen for this long has ended. */
const WORKER_GONE_S = 120;
const LIST_LIMIT = 500;

/** A job whose worker let its lease run out waits for another one. */
const stateNow = sql<Job['state']>`case
  when ${workJobs.state} = 'leased' and ${workJobs.leaseUntil} < now() then 'waiting'
  else ${workJobs.state} end`;

/** How the work stands. */
export async function workStats(): Promise<WorkStats> {
  const { db } = await database();
  const counts = await db
    .select({ state: stateNow, count: count(), oldest: min(workJobs.createdAt) })
    .from(workJobs)
    .groupBy(stateNow);
  const alive = await db
    .select()
    .from(workers)
    .where(sql`${workers.lastSeenAt} > now() - ${WORKER_GONE_S} * interval '1 second'`)
    .orderBy(asc(workers.name));
  const of = (state: Job['state']) => counts.find((one) => one.state === state);
  const oldest = of('waiting')?.oldest;
  return {
    waiting: of('waiting')?.count ?? 0,
    leased: of('leased')?.count ?? 0,
    failed: of('failed')?.count ?? 0,
    done: of('done')?.count ?? 0,
    oldestWaitingS: oldest ? Math.max(0, Math.round((Date.now() - oldest.getTime()) / 1000)) : null,
    workers: alive.map((one) => ({ ...one, lastSeenAt: one.lastSeenAt.toISOString() })),
  };
}

/** For the owner: how the work stands, and the jobs that have not ended well. */
export async function workOverview(): Promise<{ stats: WorkStats; items: InboxItem[] }> {
  const { db } = await database();
  const rows = await db
    .select({ ...getTableColumns(workJobs), state: stateNow })
    .from(workJobs)
    .where(
      and(inArray(workJobs.state, ['waiting', 'leased', 'failed']), isNull(workJobs.removedAt)),
    )
    .orderBy(asc(stateNow), asc(workJobs.createdAt))
    .limit(LIST_LIMIT);
  return { stats: await workStats(), items: rows.map(itemOf) };
}
