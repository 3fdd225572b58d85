import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { database } from './database';
import { users } from './schema';

/** Puts a function between the engine and the disk's `fsync` until the test is over. */
function onFsync(act: (real: () => void) => void): void {
  const real = fs.fsyncSync;
  fs.fsyncSync = (handle) => act(() => real(handle));
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.fsyncSync = real;
    syncBuiltinESMExports();
  });
}

/** What this process has open below a folder. */
function openFiles(folder: string): string[] {
  return (
    fs
      .readdirSync('/proc/self/fd')
      .map((name) => `/proc/self/fd/${name}`)
      // the one that lists them is gone again
      .filter((link) => fs.existsSync(link))
      .map((link) => fs.readlinkSync(link))
      .filter((path) => path.startsWith(folder))
  );
}

const person = (name: string) => ({
  email: `${name}@example.org`,
  name,
  role: 'member' as const,
});

describe.skipIf(inject('serverBackends').kind !== 'embedded')('the embedded database', () => {
  let dataDir = '';

  beforeEach(async () => {
    ({ dataDir } = await withServer({ database: 'own' }));
  });

  test('has the disk confirm every commit before it is acknowledged', async () => {
    const { db } = await database();
    expect((await db.execute(sql`show fsync`)) as object).toMatchObject({
      rows: [{ fsync: 'on' }],
    });
    let calls = 0;
    onFsync((real) => {
      calls += 1;
      real();
    });
    for (const [count, name] of ['ada', 'grace', 'edsger'].entries()) {
      await db.insert(users).values(person(name));
      expect(calls).toBeGreaterThan(count);
    }
  });

  test('is for one process: a second one explains how to run several', async () => {
    const writer = startChild('writer', 'rows');
    expect(await writer.said()).toMatch(/^row /);
    const refused = database();
    await expect(refused).rejects.toMatchObject({
      code: 'SERVER_BUSY',
      details: { pid: writer.pid },
    });
    await expect(refused).rejects.toThrow(/DATABASE_URL/);
    await writer.kill();
    const { db } = await database();
    expect(await db.select().from(users)).not.toEqual([]);
  });

  test('restarts by itself after the disk failed, with all that was acknowledged', async () => {
    const { db } = await database();
    await db.insert(users).values(person('ada'));
    let broken = true;
    onFsync((real) => {
      if (broken) throw Object.assign(new Error('input/output error'), { code: 'EIO' });
      real();
    });
    const [first, second] = await Promise.allSettled([
      db.insert(users).values(person('grace')),
      db.select().from(users),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'SERVER_BUSY' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'SERVER_BUSY' } });
    broken = false;
    await expect.poll(() => openFiles(dataDir)).toEqual([]);
    const again = await database();
    const names = (await again.db.select().from(users)).map(({ name }) => name);
    expect(names).toContain('ada');
    await again.db.insert(users).values(person('edsger'));
  });
});
