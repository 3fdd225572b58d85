import { readdir } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { newEmptyDatabase } from '@/lib/server/testing/test-backends';
import { withServer } from '@/lib/server/testing/test-support';
import { type TcpProxy, tcpProxy } from '@/lib/server/testing/test-tcp-proxy';
import { startPostgres } from '../../../tools/services/postgres';
import { type Database, database } from './database';
import { openPostgres } from './postgres';
import { users } from './schema';
import { LIMITS, type Limits } from './statements';

/** The same, sooner. */
const QUICK: Limits = {
  connections: 4,
  connectMs: 800,
  statementMs: 1_200,
  answerMs: 1_600,
  transactionMs: 3_000,
};

const BUSY = { code: 'SERVER_BUSY' };
const REFUSED = { status: 'rejected', reason: BUSY };
const person = (name: string) => ({ email: `${name}@example.org`, name, role: 'member' as const });
const names = async ({ db }: Database) => (await db.select().from(users)).map(({ name }) => name);

let proxy: TcpProxy;

async function open(limits = QUICK): Promise<Database> {
  const opened = await openPostgres(proxy.url, limits);
  onTestFinished(async () => {
    proxy.flow();
    await opened.close();
  });
  return opened;
}

/** Nobody waits, and every connection is at rest. */
function expectAtRest(opened: Database): void {
  const { open: all, idle, waiting } = opened.stats();
  expect({ idle, waiting }).toEqual({ idle: all, waiting: 0 });
  expect(all).toBeLessThanOrEqual(QUICK.connections);
}

describe.skipIf(inject('serverBackends').kind !== 'services')('PostgreSQL', () => {
  beforeEach(async () => {
    await withServer({ database: 'own' });
    proxy = await tcpProxy(process.env.DATABASE_URL ?? '');
  });

  test('is opened when it comes back, if it was gone at the start', async () => {
    await withServer({ database: 'none', env: { DATABASE_URL: proxy.url } });
    await proxy.goAway();
    await expect(database()).rejects.toMatchObject(BUSY);
    await expect(database()).rejects.toMatchObject(BUSY);
    await proxy.comeBack();
    await (await database()).db.insert(users).values(person('ada'));
    expect(await names(await database())).toEqual(['ada']);
  });

  test('fails in words while it is gone, and answers again when it is back', async () => {
    const opened = await open();
    await opened.db.insert(users).values(person('ada'));
    await proxy.goAway();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => names(opened)));
    for (const result of attempts) expect(result).toMatchObject(REFUSED);
    await expect(opened.ping(AbortSignal.timeout(3_000))).rejects.toMatchObject(BUSY);
    await proxy.comeBack();
    expect(await names(opened)).toEqual(['ada']);
    expectAtRest(opened);
  });

  test('takes back a transaction whose connection is cut, and its caller gets the failure', async () => {
    const opened = await open();
    for (let count = 0; count < 12; count += 1) {
      const cut = opened.transaction(async (tx) => {
        await tx.insert(users).values(person('ada'));
        proxy.cut();
        await tx.insert(users).values(person('grace'));
      });
      await expect(cut).rejects.toMatchObject(BUSY);
    }
    expect(await names(opened)).toEqual([]);
    expectAtRest(opened);
  });

  test('gives the caller its own error when not even the rollback comes through', async () => {
    const opened = await open();
    const failure = new Error('changed my mind');
    const cut = opened.transaction(async (tx) => {
      await tx.insert(users).values(person('ada'));
      proxy.cut();
      throw failure;
    });
    await expect(cut).rejects.toBe(failure);
    expect(await names(opened)).toEqual([]);
    expectAtRest(opened);
  });

  test('answers late on a slow line, and gives up on one that hangs', async () => {
    const opened = await open();
    await opened.db.insert(users).values(person('ada'));
    proxy.delayBy(150);
    expect(await names(opened)).toEqual(['ada']);
    proxy.hang();
    const startMs = performance.now();
    const attempts = Array.from({ length: 12 }, () => names(opened));
    const hanging = opened.transaction(async (tx) => tx.insert(users).values(person('grace')));
    const settled = await Promise.allSettled([...attempts, hanging]);
    for (const result of settled)
      expect(result).toMatchObject({ status: 'rejected', reason: BUSY });
    expect(performance.now() - startMs).toBeLessThan(8_000);
    proxy.flow();
    await expect.poll(() => names(opened), { timeout: 5_000 }).toEqual(['ada']);
    expectAtRest(opened);
  });

  test('stops a statement that takes too long, and keeps the connection', async () => {
    const opened = await open();
    await expect(opened.db.execute(sql`select pg_sleep(20)`)).rejects.toMatchObject(BUSY);
    await opened.db.execute(sql`select 1`);
    expect(opened.stats()).toEqual({ open: 1, idle: 1, waiting: 0 });
  });

  test('turns callers away while all connections are taken, not for ever', async () => {
    const opened = await open();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const holders = Array.from({ length: QUICK.connections }, () => opened.transaction(() => held));
    await expect.poll(() => opened.stats().idle + opened.stats().open).toBe(QUICK.connections);
    await expect(names(opened)).rejects.toMatchObject(BUSY);
    letGo();
    await Promise.all(holders);
    expect(await names(opened)).toEqual([]);
    expectAtRest(opened);
  });

  test('leaves no connection behind on the server either', async () => {
    const opened = await open();
    for (let round = 0; round < 3; round += 1) {
      await Promise.allSettled(Array.from({ length: 20 }, () => names(opened)));
      proxy.cut();
      await Promise.allSettled(Array.from({ length: 20 }, () => names(opened)));
    }
    expectAtRest(opened);
    await expect.poll(proxy.connections).toBe(opened.stats().open);
  });

  test('is there again after a restart, with every commit', { timeout: 60_000 }, async () => {
    const server = await startPostgres();
    const opened = await openPostgres(server.url, QUICK);
    onTestFinished(async () => {
      await opened.close();
      await server.close();
    });
    await opened.db.insert(users).values(person('ada'));
    const inFlight = opened.db.execute(sql`select pg_sleep(1)`);
    const refusal = expect(inFlight).rejects.toMatchObject(BUSY);
    await server.stopServer();
    await refusal;
    await expect(names(opened)).rejects.toMatchObject(BUSY);
    await server.startServer();
    expect(await names(opened)).toEqual(['ada']);
    expectAtRest(opened);
  });

  test('brings the schema up to date once when many copies start on an empty one', async () => {
    const url = await newEmptyDatabase();
    const copies = await Promise.all(Array.from({ length: 5 }, () => openPostgres(url, LIMITS)));
    onTestFinished(async () => {
      await Promise.all(copies.map((copy) => copy.close()));
    });
    const migrations = (await readdir('drizzle')).filter((name) => name.endsWith('.sql'));
    const counted = await copies[0]?.db.execute(
      sql`select count(*)::int as count from drizzle.__drizzle_migrations`,
    );
    expect(counted).toMatchObject({ rows: [{ count: migrations.length }] });
    for (const copy of copies) await copy.db.select().from(users);
  });
});
