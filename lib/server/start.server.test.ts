import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNotNull, sql } from 'drizzle-orm';
import { describe, expect, inject, it } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { database, openDatabase } from './db/database';
import { rateLimits, workJobs } from './db/schema';
import { newJob } from './queue/test-queues';
import { sweep } from './start';

describe('sweep', () => {
  it('removes what has run out', async () => {
    await withServer();
    const { db } = await database();
    await db
      .insert(rateLimits)
      .values({ key: 'over', count: 1, resetsAt: sql`now() - interval '1 minute'` });
    await sweep();
    expect(await db.select().from(rateLimits)).toEqual([]);
  });

  it('continues after a step has failed', async ({ skip }) => {
    if (inject('serverBackends').kind !== 'embedded')
      skip('There is a bucket instead of a folder.');
    const { dataDir } = await withServer({ env: { WORKER_TOKEN: 'a-token-of-the-workers' } });
    writeFileSync(join(dataDir, 'inbox'), 'This is not a folder.');
    const { db } = await database();
    const removedAt = sql`now() - interval '1 day'`;
    await db.insert(workJobs).values({ ...newJob(1), removedAt });
    await sweep();
    expect(await db.$count(workJobs, isNotNull(workJobs.removedAt))).toBe(0);
  });

  it('makes no database where nobody has needed one', async ({ skip }) => {
    if (inject('serverBackends').kind !== 'embedded')
      skip('PostgreSQL is always there or missing.');
    await withServer({ database: 'none' });
    await sweep();
    expect(openDatabase()).toBeNull();
  });
});
