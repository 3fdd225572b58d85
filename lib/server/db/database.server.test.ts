import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { database, databaseExists, isUniqueViolation } from './database';
import { users } from './schema';

const ada = { email: 'ada@example.org', name: 'Ada', role: 'owner' as const };

test('keeps what was written, and shares one database between callers', async () => {
  await withServer();
  const { db } = await database();
  await db.insert(users).values(ada);
  expect(await (await database()).db.select({ name: users.name }).from(users)).toEqual([
    { name: 'Ada' },
  ]);
});

test('gives every test an empty database', async () => {
  await withServer();
  expect(await (await database()).db.select().from(users)).toEqual([]);
});

test('distinguishes a row that is there already from other failures', async () => {
  await withServer();
  const { db } = await database();
  await db.insert(users).values(ada);
  const again = await db
    .insert(users)
    .values({ ...ada, email: 'ADA@example.org', role: 'member' })
    .catch((error: unknown) => error);
  expect(isUniqueViolation(again)).toBe(true);
  expect(isUniqueViolation(again, 'users_email')).toBe(true);
  expect(isUniqueViolation(again, 'users_owner')).toBe(false);
  expect(again).toMatchObject({ code: 'UNKNOWN', details: { constraint: 'users_email' } });
  expect(String(again)).not.toContain('example.org');
});

test('takes back every statement of a transaction that fails', async () => {
  await withServer();
  const { db, transaction } = await database();
  const failure = new Error('changed my mind');
  await expect(
    transaction(async (tx) => {
      await tx.insert(users).values(ada);
      await tx.update(users).set({ name: 'Grace' }).where(eq(users.email, ada.email));
      throw failure;
    }),
  ).rejects.toBe(failure);
  expect(await db.select().from(users)).toEqual([]);
});

test('is not made before somebody asks for it', async () => {
  await withServer({ database: 'none' });
  const embedded = !process.env.DATABASE_URL;
  expect(databaseExists()).toBe(!embedded);
});

test('opens a database of its own for a test that wants one', async () => {
  await withServer({ database: 'own' });
  expect(databaseExists()).toBe(true);
  const { db } = await database();
  await db.insert(users).values(ada);
  expect(await db.select().from(users)).toHaveLength(1);
});
