import { sql } from 'drizzle-orm';
import { describe, expect, inject, it } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { database, openDatabase } from './db/database';
import { rateLimits } from './db/schema';
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

  it('makes no database where nobody has needed one', async ({ skip }) => {
    if (inject('serverBackends').kind !== 'embedded')
      skip('PostgreSQL is always there or missing.');
    await withServer({ database: 'none' });
    await sweep();
    expect(openDatabase()).toBeNull();
  });
});
