import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { AppError } from '../../core/errors';
import { type Database, database, type Tx } from './database';
import { openEmbedded } from './embedded';
import { openPostgres } from './postgres';
import { leases, users } from './schema';
import { LIMITS } from './statements';

const person = (name: string) => ({ email: `${name}@example.org`, name, role: 'member' as const });

const names = async ({ db }: Database) => (await db.select().from(users)).map(({ name }) => name);

beforeEach(async () => {
  await withServer();
});

test('gives the caller its own error as it is, and takes everything back', async () => {
  const open = await database();
  const failure = new AppError('NOT_FOUND', 'There is no such thing.');
  const done = open.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    throw failure;
  });
  await expect(done).rejects.toBe(failure);
  expect(await names(open)).toEqual([]);
});

test('takes everything back when a statement fails', async () => {
  const open = await database();
  const done = open.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    await tx.insert(users).values(person('ada'));
  });
  await expect(done).rejects.toMatchObject({ details: { constraint: 'users_email' } });
  expect(await names(open)).toEqual([]);
});

test('does not report as done what the database took back', async () => {
  const open = await database();
  const done = open.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    // the transaction is lost by this, whatever its code makes of it
    await tx
      .insert(users)
      .values(person('ada'))
      .catch(() => 'never mind');
  });
  await expect(done).rejects.toMatchObject({ code: 'UNKNOWN' });
  expect(await names(open)).toEqual([]);
});

test('continues after a failure inside a savepoint', async () => {
  const open = await database();
  await open.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    const inner = tx.transaction((nested) => nested.insert(users).values(person('ada')));
    await expect(inner).rejects.toMatchObject({ details: { constraint: 'users_email' } });
    await tx.insert(users).values(person('grace'));
  });
  expect((await names(open)).sort()).toEqual(['ada', 'grace']);
});

test('lets no statement through that comes after the end', async () => {
  const open = await database();
  const left = await open.transaction(async (tx): Promise<Tx[]> => [tx]);
  const late = left[0]?.insert(users).values(person('ada'));
  await expect(late).rejects.toThrow(/is over/);
  expect(await names(open)).toEqual([]);
});

test('is cut and taken back when it waits for something slow', async () => {
  const { dataDir } = await withServer({ database: 'own' });
  const limits = { ...LIMITS, transactionMs: 400 };
  const url = process.env.DATABASE_URL;
  const open = url
    ? await openPostgres(url, limits)
    : await openEmbedded(join(dataDir, 'database'), () => undefined, limits);
  onTestFinished(() => open.close());
  let late: Promise<unknown> | null = null;
  const done = open.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    await sleep(800);
    late = expect(tx.insert(users).values(person('grace'))).rejects.toThrow(/is over/);
  });
  await expect(done).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  await expect.poll(() => late).not.toBeNull();
  await late;
  expect(await names(open)).toEqual([]);
});

test('keeps counters right when many change them at once', async () => {
  const open = await database();
  const holder = crypto.randomUUID();
  await open.db.insert(leases).values({ name: 'counter', holder, expiresAt: new Date(0) });
  await Promise.all(
    Array.from({ length: 25 }, () =>
      open.transaction(async (tx) => {
        await tx.execute(sql`select 1 from leases where name = 'counter' for update`);
        const [row] = await tx.select().from(leases).where(eq(leases.name, 'counter'));
        const next = new Date((row?.expiresAt.getTime() ?? 0) + 1_000);
        await tx.update(leases).set({ expiresAt: next }).where(eq(leases.name, 'counter'));
      }),
    ),
  );
  const [row] = await open.db.select().from(leases);
  expect(row?.expiresAt).toEqual(new Date(25_000));
});

test('works the same when it is begun from the query builder', async () => {
  const open = await database();
  const done = open.db.transaction(async (tx) => {
    await tx.insert(users).values(person('ada'));
    throw new AppError('FORBIDDEN', 'Not you.');
  });
  await expect(done).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await names(open)).toEqual([]);
});

test('has the same connections after hundreds of failures', async () => {
  const open = await database();
  await open.db.insert(users).values(person('ada'));
  const failures = Array.from({ length: 200 }, (_, at) =>
    at % 2 === 0
      ? open.db.insert(users).values(person('ada'))
      : open.transaction(async (tx) => {
          await tx.insert(users).values(person(`number-${at}`));
          throw new AppError('NOT_FOUND', 'No.');
        }),
  );
  const settled = await Promise.allSettled(failures);
  expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
  const { open: all, idle, waiting } = open.stats();
  expect(all).toBeLessThanOrEqual(10);
  expect({ idle, waiting }).toEqual({ idle: all, waiting: 0 });
  expect(await names(open)).toEqual(['ada']);
});
