import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { database } from './database';
import { withLease } from './leases';
import { leases } from './schema';

beforeEach(async () => {
  await withServer();
});

test('lets one of many in at a time', async () => {
  let inside = 0;
  let most = 0;
  const attempts = Array.from({ length: 8 }, () =>
    withLease('sweep', 5_000, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(100);
      inside -= 1;
    }),
  );
  const got = await Promise.all(attempts);
  expect(most).toBe(1);
  expect(got.filter((held) => held)).not.toHaveLength(0);
  expect(got.filter((held) => !held)).not.toHaveLength(0);
});

test('is free again when the work is over, and also when it failed', async () => {
  expect(await withLease('sweep', 60_000, async () => undefined)).toBe(true);
  const failing = withLease('sweep', 60_000, async () => {
    throw new Error('no luck');
  });
  await expect(failing).rejects.toThrow('no luck');
  expect(await withLease('sweep', 60_000, async () => undefined)).toBe(true);
});

test('does not mix up work with other names', async () => {
  await withLease('sweep', 5_000, async () => {
    expect(await withLease('count', 5_000, async () => undefined)).toBe(true);
    expect(await withLease('sweep', 5_000, async () => undefined)).toBe(false);
  });
});

test('goes to another copy when its holder died', async () => {
  const { db } = await database();
  const holder = crypto.randomUUID();
  await db
    .insert(leases)
    .values({ name: 'sweep', holder, expiresAt: new Date(Date.now() - 1_000) });
  expect(await withLease('sweep', 5_000, async () => undefined)).toBe(true);
});

test('is held for as long as the work takes', async () => {
  await withLease('sweep', 300, async (signal) => {
    await sleep(900);
    expect(signal.aborted).toBe(false);
    expect(await withLease('sweep', 300, async () => undefined)).toBe(false);
  });
});

test('notifies the work when another replica took the lease', async () => {
  const { db } = await database();
  await withLease('sweep', 600, async (signal) => {
    const holder = crypto.randomUUID();
    await db.update(leases).set({ holder, expiresAt: new Date(Date.now() + 60_000) });
    await expect.poll(() => signal.aborted, { timeout: 5_000 }).toBe(true);
  });
  // what the other instance holds was not given back in its place
  expect(await db.select().from(leases)).toHaveLength(1);
});
