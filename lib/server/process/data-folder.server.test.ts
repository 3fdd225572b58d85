import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { logged } from '@/lib/server/testing/request';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { claimDataFolder } from './data-folder';

/** A place for data, with a database of its own kind in it. */
const withFolder = async (env: Record<string, string> = {}) =>
  (await withServer({ database: 'own', env: { DATABASE_URL: '', ...env } })).dataDir;

/** The ticket of a server in another container; last seen this long ago, in ms. */
async function leaveForeignTicket(dataDir: string, silentMs: number): Promise<string> {
  await mkdir(join(dataDir, 'server.lock'));
  const ticket = join(dataDir, 'server.lock', '1');
  await writeFile(ticket, '7\nanother-kernel pid:[1]\n77\n2026-11-28T10:00:00.000Z\non port 80\n');
  await heardOf(ticket, silentMs);
  return ticket;
}

function heardOf(ticket: string, silentMs: number): Promise<void> {
  const at = new Date(Date.now() - silentMs);
  return utimes(ticket, at, at);
}

describe('the data folder', () => {
  test('is made where it is missing', async () => {
    const folder = join(await withFolder(), 'new', 'data');
    await withFolder({ DATA_DIR: folder });
    await claimDataFolder();
    await writeFile(join(folder, 'there'), '');
  });

  test('of another process says which one, and what to do', async () => {
    const folder = await withFolder();
    const other = startChild('lock-contender');
    expect(await other.said()).toBe('ready');
    other.tell(`try ${join(folder, 'server')} 0`);
    expect(await other.said()).toBe('won');
    await expect(claimDataFolder()).rejects.toThrow(
      new RegExp(
        `^The data folder ${folder} is in use by another server: process ${other.pid}, since 20.* UTC\\. Stop`,
      ),
    );
    await other.kill();
    await claimDataFolder();
  });

  test('of a server elsewhere is given up as soon as that is seen alive', async () => {
    const folder = await withFolder();
    const lines = logged();
    const ticket = await leaveForeignTicket(folder, 30_000);
    const claimed = expect(claimDataFolder()).rejects.toThrow(
      /in use by another server: process 7, of another container or machine, on port 80, since 2026-11-28 10:00 UTC\./,
    );
    await vi.waitFor(() => expect(lines.join('')).toMatch(/within \d+ seconds/));
    await heardOf(ticket, 0);
    await claimed;
    expect(lines.join('')).toMatch(/may still be in use elsewhere; that shows within \d+ seconds/);
  });

  test('of a server elsewhere is taken over when that has been silent for a minute', async () => {
    const folder = await withFolder();
    logged();
    await leaveForeignTicket(folder, 59_000);
    await claimDataFolder();
  });

  test('is not locked if everything is stored elsewhere', async () => {
    const folder = await withFolder({
      DATABASE_URL: 'postgres://db/a',
      DATA_DIR: '/proc/none',
      NEXTAUTH_SECRET: 'x'.repeat(32),
      S3_ENDPOINT: 'https://s3.example.org',
      S3_BUCKET: 'ai2text',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
    });
    expect(folder).not.toBe('');
    await claimDataFolder();
  });

  test('that cannot be written is reported with the reason', async () => {
    const file = join(await withFolder(), 'file');
    await writeFile(file, '');
    await withFolder({ DATA_DIR: join(file, 'data') });
    await expect(claimDataFolder()).rejects.toThrow(
      /cannot be written: a part of that path is a file\. Set DATA_DIR to a folder that can\./,
    );
  });
});
