import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { database, openDatabase, replaceDatabase } from '@/lib/server/db/database';
import { withServer } from '@/lib/server/testing/test-support';
import { GET as metrics } from '../metrics/route';
import { GET as health } from './route';

const TOKEN = 'a-token-of-the-tests';
const isEmbedded = () => inject('serverBackends').kind === 'embedded';

const ask = (query = '', authorization?: string) =>
  new Request(`http://localhost:3000/api/it${query}`, {
    headers: authorization === undefined ? {} : { authorization },
  });

describe('GET /api/health', () => {
  it('says only that the process lives, and opens nothing', async () => {
    await withServer({ database: 'none', env: { METRICS_TOKEN: TOKEN } });
    const response = await health(ask());
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(openDatabase()).toBeNull();
  });

  it('lives while the database is gone', async () => {
    await withServer({ database: 'none' });
    replaceDatabase(() => Promise.reject(new Error('gone')));
    expect((await health(ask())).status).toBe(200);
  });
});

describe.each([
  ['GET /api/health?ready', (authorization?: string) => health(ask('?ready', authorization))],
  ['GET /api/metrics', (authorization?: string) => metrics(ask('', authorization))],
])('%s', (_name, get) => {
  it('is not there where no token is set, whatever is sent', async () => {
    await withServer({ database: 'none' });
    for (const sent of [undefined, 'Bearer', 'Bearer ', 'Bearer undefined', 'Bearer null'])
      expect((await get(sent)).status).toBe(404);
  });

  it.each([undefined, '', TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`])(
    'is not there for who brings %j',
    async (sent) => {
      await withServer({ database: 'none', env: { METRICS_TOKEN: TOKEN } });
      const response = await get(sent);
      expect([response.status, await response.json()]).toEqual([
        404,
        { code: 'NOT_FOUND', message: 'There is nothing here.' },
      ]);
    },
  );
});

describe('GET /api/health?ready', () => {
  const ready = async () => {
    const response = await health(ask('?ready', `Bearer ${TOKEN}`));
    return { status: response.status, answer: await response.json() };
  };

  it('is ready when the database and the store answer', async () => {
    await withServer({ env: { METRICS_TOKEN: TOKEN } });
    await database();
    expect(await ready()).toEqual({
      status: 200,
      answer: { ready: true, database: 'ok', objects: 'ok' },
    });
  });

  it('is not ready while the database cannot be reached, and is again when it can', async () => {
    await withServer({ env: { METRICS_TOKEN: TOKEN } });
    const open = await database();
    let isGone = true;
    replaceDatabase(async () => {
      if (isGone) throw new Error('gone');
      return open;
    });
    expect(await ready()).toMatchObject({
      status: 503,
      answer: { code: 'SERVER_BUSY', ready: false, database: 'failed', objects: 'ok' },
    });
    isGone = false;
    expect((await ready()).status).toBe(200);
  });

  it('does not wait for a database that says nothing', async () => {
    await withServer({ env: { METRICS_TOKEN: TOKEN } });
    replaceDatabase(() => new Promise(() => undefined));
    const startedMs = performance.now();
    expect((await ready()).status).toBe(503);
    expect(performance.now() - startedMs).toBeLessThan(6_000);
  });

  it('is ready without a database that nobody has needed yet, and makes none', async ({ skip }) => {
    if (!isEmbedded()) skip('PostgreSQL is always there or missing.');
    await withServer({ database: 'none', env: { METRICS_TOKEN: TOKEN } });
    expect(await ready()).toEqual({
      status: 200,
      answer: { ready: true, database: 'unused', objects: 'ok' },
    });
    expect(openDatabase()).toBeNull();
  });

  it('is not ready when objects cannot be kept', async ({ skip }) => {
    if (!isEmbedded()) skip('There is no directory.');
    const { dataDir } = await withServer({ env: { METRICS_TOKEN: TOKEN } });
    await rm(join(dataDir, 'objects'), { recursive: true, force: true });
    await writeFile(join(dataDir, 'objects'), 'in the way');
    expect(await ready()).toMatchObject({ status: 503, answer: { objects: 'failed' } });
  });
});

describe('GET /api/metrics', () => {
  beforeEach(async () => {
    await withServer({ env: { METRICS_TOKEN: TOKEN } });
  });

  it('counts answers by route and status, and what the database holds open', async () => {
    await health(ask('?ready', 'Bearer wrong'));
    await database();
    const response = await metrics(ask('', `Bearer ${TOKEN}`));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^ai2text_requests_total\{route="health\.ready",status="404"\} [1-9]/m);
    expect(text).toMatch(/^ai2text_request_duration_seconds_count\{route="health\.ready"\} [1-9]/m);
    expect(text).toMatch(/^ai2text_database_connections\{state="open"\} [1-9]/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(text).not.toContain(TOKEN);
  });
});
