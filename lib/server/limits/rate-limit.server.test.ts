import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, openDatabase } from '@/lib/server/db/database';
import { rateLimits } from '@/lib/server/db/schema';
import { withServer } from '@/lib/server/testing/test-support';
import { consume, consumeInMemory, type Limit, sweepRateLimits } from './rate-limit';

const LIMIT: Limit = { max: 3, windowS: 60 };

/** Tries at the same moment. @returns how many of them were let through */
async function passed(times: number, name = 'it', who = 'me', limit = LIMIT): Promise<number> {
  const tries = Array.from({ length: times }, () => consume(name, who, limit));
  const results = await Promise.allSettled(tries);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'RATE_LIMITED' });
  return results.filter(({ status }) => status === 'fulfilled').length;
}

describe('consume', () => {
  beforeEach(async () => {
    await withServer();
  });

  it('counts tries at the same moment each once', async () => {
    expect(await passed(12)).toBe(3);
    expect(await passed(2)).toBe(0);
  });

  it('counts each name and each who by itself', async () => {
    expect(await passed(4)).toBe(3);
    expect(await passed(4, 'it', 'you')).toBe(3);
    expect(await passed(4, 'that')).toBe(3);
  });

  it('says after how long the window is over', async () => {
    await passed(3);
    const refused = await consume('it', 'me', LIMIT).catch((error: unknown) => error);
    expect(refused).toMatchObject({ details: { limit: 'it' } });
    const { retryAfterS } = (refused as { details: { retryAfterS: number } }).details;
    expect(retryAfterS).toBeGreaterThan(50);
    expect(retryAfterS).toBeLessThanOrEqual(60);
  });

  it('starts again when the window is over', async () => {
    expect(await passed(4)).toBe(3);
    const { db } = await database();
    await db.update(rateLimits).set({ resetsAt: sql`now() - interval '1 second'` });
    expect(await passed(4)).toBe(3);
  });

  it('does not prolong a window by tries that it refuses', async () => {
    const { db } = await database();
    await passed(1);
    const [before] = await db.select().from(rateLimits);
    await passed(9);
    const [after] = await db.select().from(rateLimits);
    expect(after?.resetsAt).toEqual(before?.resetsAt);
  });

  it('counts in this copy alone where that was asked for', async () => {
    expect(await passed(4, 'it', 'local', { ...LIMIT, isLocal: true })).toBe(3);
    expect(await (await database()).db.select().from(rateLimits)).toEqual([]);
  });
});

describe('sweepRateLimits', () => {
  it('removes counts whose window is over, and only those', async () => {
    await withServer();
    const { db } = await database();
    const at = (interval: string) => sql`now() + ${interval}::interval`;
    await db.insert(rateLimits).values([
      { key: 'over', count: 9, resetsAt: at('-1 second') },
      { key: 'runs', count: 1, resetsAt: at('1 minute') },
    ]);
    await sweepRateLimits();
    expect((await db.select().from(rateLimits)).map(({ key }) => key)).toEqual(['runs']);
  });
});

describe('a server that has no database yet', () => {
  it('counts without making one', async () => {
    await withServer({ database: 'none' });
    if ((await passed(12, 'it', 'alone')) !== 3) expect.fail('not three were let through');
    if (!process.env.DATABASE_URL) expect(openDatabase()).toBeNull();
  });
});

describe('consumeInMemory', () => {
  it('lets this many through in each window and says when the next one begins', () => {
    const at = (ms: number) => consumeInMemory('window', { max: 2, windowS: 10 }, ms);
    expect([at(0), at(1000), at(2000), at(9999)]).toEqual([null, null, 8, 1]);
    expect([at(10_000), at(10_000), at(10_001)]).toEqual([null, null, 10]);
  });

  it('forgets the oldest when too many come, and keeps the newest', () => {
    const once: Limit = { max: 1, windowS: 1000 };
    expect(consumeInMemory('first', once, 0)).toBeNull();
    for (let index = 0; index < 10_000; index += 1) consumeInMemory(`other ${index}`, once, 1);
    expect(consumeInMemory('other 9999', once, 2)).not.toBeNull();
    expect(consumeInMemory('first', once, 2)).toBeNull();
  });
});
