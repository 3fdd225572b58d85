import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  announceSetup,
  SETUP_MAX_AGE_S,
  setUpOwner,
  setupToken,
} from '@/lib/server/accounts/account-links';
import { currentSession } from '@/lib/server/accounts/sessions';
import { database, databaseExists } from '@/lib/server/db/database';
import { sessions, users } from '@/lib/server/db/schema';
import { serverEnv } from '@/lib/server/process/env';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST as check } from './check/route';
import { POST } from './route';

const ACCOUNT = { name: 'Olga', email: ' Olga@Example.org', password: TEST_PASSWORD };

const setUp = (token: string, account: unknown = ACCOUNT, browser = new Browser()) =>
  browser.call(POST, '/api/setup', json({ token, account }));
const checkLink = (token: string) => new Browser().call(check, '/api/setup/check', json({ token }));

/** What was printed while `step` ran. */
async function printed(step: () => Promise<void>): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await step();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

beforeEach(async () => {
  await withServer();
});

describe('setting up', () => {
  it('makes the owner by the link that was printed, and signs the browser in', async () => {
    const text = await printed(announceSetup);
    const [, token = ''] = /http:\/\/localhost:3000\/setup#(\S+)\n$/.exec(text) ?? [];
    expect((await checkLink(token)).status).toBe(204);
    const browser = new Browser();
    expect((await setUp(token, ACCOUNT, browser)).status).toBe(204);
    const session = await currentSession(browser.request('/'));
    expect(session?.user).toMatchObject({ email: 'olga@example.org', name: 'Olga', role: 'owner' });
    expect((await new Browser().signIn('olga@example.org', TEST_PASSWORD)).status).toBe(200);
  });

  it('makes one owner of twenty who press at once', async () => {
    const token = await setupToken();
    const passwordHash = await testPasswordHash();
    const made = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        setUpOwner(
          token,
          { name: 'Olga', email: `olga-${i % 4}@example.org`, passwordHash },
          'Test',
        ),
      ),
    );
    const refused = made.filter((one) => one.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(19).fill('SYNC_CONFLICT'));
    const { db } = await database();
    expect(await db.select().from(users)).toHaveLength(1);
    expect(await db.select().from(sessions)).toHaveLength(1);
  });

  it('works once, and says so', async () => {
    const token = await setupToken();
    await makeUser({ role: 'owner' });
    for (const answer of [await checkLink(token), await setUp(token)]) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: 'SYNC_CONFLICT' });
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await printed(announceSetup)).toBe('');
  });

  it('distinguishes an expired link from one that is not ours', async () => {
    const expired = await setupToken(Date.now() - SETUP_MAX_AGE_S * 1000 - 1000);
    for (const answer of [await checkLink(expired), await setUp(expired)])
      expect(answer.status).toBe(404);
    const [time = '', signature = ''] = (await setupToken()).split('.');
    for (const token of [
      '',
      'x',
      `${Number(time) + 1}.${signature}`,
      `${time}.${signature.slice(0, -1)}`,
      `${time}.${'A'.repeat(43)}`,
      `${time}.${signature}.`,
      expired.replace(/^\d+/, time),
    ]) {
      expect((await checkLink(token)).status, token).toBe(403);
      expect((await setUp(token)).status, token).toBe(403);
    }
  });

  it('does not take an account that nobody could sign in with', async () => {
    const token = await setupToken();
    for (const wrong of [
      { email: 'olga' },
      { email: '' },
      { email: `${'x'.repeat(250)}@example.org` },
      { password: 'short' },
      { password: 'x'.repeat(201) },
      { password: 'OLGA@example.org' },
      { name: 'x'.repeat(101) },
      { name: null },
    ])
      expect((await setUp(token, { ...ACCOUNT, ...wrong })).status, JSON.stringify(wrong)).toBe(
        400,
      );
    const { db } = await database();
    expect(await db.select().from(users)).toHaveLength(0);
  });

  it('is not open to other sites', async () => {
    const other = new Browser({ 'sec-fetch-site': 'cross-site' });
    expect((await setUp(await setupToken(), ACCOUNT, other)).status).toBe(403);
  });
});

describe('before there is a database', () => {
  beforeEach(async () => {
    await withServer({ database: 'none' });
  });

  it('printing, checking and guessing a link does not create one', async () => {
    const text = await printed(announceSetup);
    expect(text).toContain('/setup#');
    expect((await checkLink(await setupToken())).status).toBe(204);
    expect((await setUp('1.x')).status).toBe(403);
    if (serverEnv().databaseUrl === null) expect(databaseExists()).toBe(false);
  });

  it('the first account makes it', async () => {
    expect((await setUp(await setupToken())).status).toBe(204);
    const { db } = await database();
    expect(await db.select().from(users)).toHaveLength(1);
  }, 120_000);
});
