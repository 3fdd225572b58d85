import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { currentSession, sealSession } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { sessions, users } from '@/lib/server/db/schema';
import { Browser } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';

const EMAIL = 'anna@example.org';
const SESSION = 'next-auth.session-token';
const CREDENTIALS = '/api/auth/callback/credentials';
let anna = '';

beforeEach(async () => {
  await withServer();
  anna = await makeUser({ email: EMAIL, name: 'Anna', passwordHash: await testPasswordHash() });
});

describe('signing in with a password', () => {
  it('starts a session that the server and the page know', async () => {
    const browser = new Browser();
    const answer = await browser.signIn(EMAIL, TEST_PASSWORD);
    expect(answer.status).toBe(200);
    const session = await currentSession(browser.request('/'));
    expect(session?.user).toMatchObject({ email: EMAIL, name: 'Anna', role: 'member' });
    const reported = await (await browser.get('/api/auth/session')).json();
    expect(reported.user).toEqual(session?.user);
  });

  it('gives the page the public address, where there is one', async () => {
    const reported = async () => {
      const browser = new Browser();
      await browser.signIn(EMAIL, TEST_PASSWORD);
      return (await browser.get('/api/auth/session')).json();
    };
    expect(await reported()).toMatchObject({ address: null });
    await withServer({ env: { NEXTAUTH_URL: 'https://ai2text.example.org/' } });
    await makeUser({ email: EMAIL, name: 'Anna', passwordHash: await testPasswordHash() });
    expect(await reported()).toMatchObject({ address: 'https://ai2text.example.org' });
  });

  it('takes the address however it is written', async () => {
    expect((await new Browser().signIn(' Anna@Example.ORG ', TEST_PASSWORD)).status).toBe(200);
  });

  it('leads to where the server knows it is, not to where a request says', async () => {
    vi.stubEnv('AUTH_TRUST_HOST', '1');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const browser = new Browser({
      'x-forwarded-host': 'other.example',
      'x-forwarded-proto': 'http',
    });
    const answer = await browser.signIn(EMAIL, TEST_PASSWORD, { callbackUrl: '/models' });
    expect(await answer.json()).toEqual({ url: 'http://localhost:3000/models' });
  });

  it('replaces the session that the same browser had before', async () => {
    const browser = new Browser();
    await browser.signIn(EMAIL, TEST_PASSWORD);
    await browser.signIn(EMAIL, TEST_PASSWORD);
    const { db } = await database();
    expect(await db.select().from(sessions)).toHaveLength(1);
  });

  it('answers a wrong password, an unknown address and one without a password alike', async () => {
    await makeUser({ email: 'provider-only@example.org' });
    const answers = await Promise.all(
      [
        [EMAIL, 'wrong password'],
        ['nobody@example.org', TEST_PASSWORD],
        ['provider-only@example.org', TEST_PASSWORD],
        ['not an address', ''],
      ].map(([email = '', password = '']) => new Browser().signIn(email, password)),
    );
    const reported = await Promise.all(
      answers.map(async (answer) => {
        const { 'x-request-id': _, ...headers } = Object.fromEntries(
          [...answer.headers].filter(([name]) => name !== 'set-cookie'),
        );
        return { status: answer.status, headers, body: await answer.text() };
      }),
    );
    expect(reported[0]).toMatchObject({ status: 401 });
    expect(JSON.parse(reported[0]?.body ?? '')).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(new Set(reported.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('does not let anybody in while tries cannot be counted', async () => {
    const browser = new Browser();
    const { csrfToken } = await (await browser.get('/api/auth/csrf')).json();
    const { db } = await database();
    const insert = vi.spyOn(db, 'insert').mockImplementation(() => {
      throw new Error('gone');
    });
    const answer = await browser.postRaw(CREDENTIALS, {
      csrfToken,
      email: EMAIL,
      password: TEST_PASSWORD,
    });
    insert.mockRestore();
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(browser.cookies.has(SESSION)).toBe(false);
  });
});

describe('the session', () => {
  it('is kept in a cookie that scripts and other sites do not get', async () => {
    const answer = await new Browser().signIn(EMAIL, TEST_PASSWORD);
    const line = answer.headers.getSetCookie().find((one) => one.startsWith(`${SESSION}=`));
    expect(line).toMatch(/; HttpOnly/i);
    expect(line).toMatch(/; SameSite=Lax/i);
    expect(line).toMatch(/; Path=\//i);
    expect(line).not.toMatch(/; Secure/i);
    const days = (Date.parse(/Expires=([^;]+)/i.exec(line ?? '')?.[1] ?? '') - Date.now()) / 864e5;
    expect(days).toBeCloseTo(30, 1);
  });

  it('travels over TLS only where the public address has it', async () => {
    await withServer({ env: { NEXTAUTH_URL: 'https://ai2text.example.org' } });
    await makeUser({ email: EMAIL, passwordHash: await testPasswordHash() });
    const browser = new Browser();
    const answer = await browser.signIn(EMAIL, TEST_PASSWORD);
    expect(answer.status).toBe(200);
    expect([...browser.cookies.keys()].sort()).toEqual([
      '__Host-next-auth.csrf-token',
      '__Secure-next-auth.callback-url',
      '__Secure-next-auth.session-token',
    ]);
    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/; Secure/i);
    expect((await currentSession(browser.request('/')))?.user.email).toBe(EMAIL);
  });

  it('ends on the server when its user signs out', async () => {
    const browser = new Browser();
    await browser.signIn(EMAIL, TEST_PASSWORD);
    const stolen = browser.request('/');
    expect((await browser.signOut()).status).toBe(200);
    expect(browser.cookies.has(SESSION)).toBe(false);
    expect(await currentSession(stolen)).toBeNull();
    const { db } = await database();
    expect(await db.select().from(sessions)).toHaveLength(0);
  });

  it('is over once its row is gone, has run out, or its user is removed', async () => {
    const { db } = await database();
    for (const end of [
      (id: string) => db.delete(sessions).where(eq(sessions.id, id)),
      (id: string) =>
        db
          .update(sessions)
          .set({ expiresAt: new Date(0) })
          .where(eq(sessions.id, id)),
      () => db.delete(users),
    ]) {
      const browser = new Browser();
      await end(await browser.enterAs(anna));
      expect(await currentSession(browser.request('/'))).toBeNull();
      const answer = await browser.get('/api/auth/session');
      expect(await answer.json()).toEqual({});
      expect(browser.cookies.has(SESSION)).toBe(false);
    }
  });

  it('is not made from a cookie that is forged, empty, or names another user', async () => {
    const browser = new Browser();
    const sid = await browser.enterAs(anna);
    const other = await makeUser();
    const [header = '', , iv = '', text = '', tag = ''] =
      browser.cookies.get(SESSION)?.split('.') ?? [];
    const forged = [
      '',
      'x',
      `${header}..${iv}.${text}.${tag.split('').reverse().join('')}`,
      `${header}..${iv}.AAAA${text.slice(4)}.${tag}`,
      Buffer.from(JSON.stringify({ sub: anna, sid })).toString('base64url'),
      await sealSession({ sub: other, sid }),
    ];
    for (const value of forged) {
      browser.cookies.set(SESSION, value);
      expect(await currentSession(browser.request('/')), value).toBeNull();
    }
  });

  it('notes its last use at most every ten minutes, and lasts 30 days from it', async () => {
    const { db } = await database();
    const browser = new Browser();
    const id = await browser.enterAs(anna);
    const read = async () => (await db.select().from(sessions).where(eq(sessions.id, id)))[0];
    const first = await read();
    await currentSession(browser.request('/'));
    expect(await read()).toEqual(first);
    const longAgo = new Date(Date.now() - 11 * 60_000);
    const soon = new Date(Date.now() + 60_000);
    await db.update(sessions).set({ lastSeenAt: longAgo, expiresAt: soon });
    await currentSession(browser.request('/'));
    const touched = await read();
    expect(Date.now() - (touched?.lastSeenAt.getTime() ?? 0)).toBeLessThan(60_000);
    expect((touched?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(29 * 864e5);
  });

  it('does not count as ended while the database cannot be asked', async () => {
    const browser = new Browser();
    await browser.enterAs(anna);
    const { db } = await database();
    const select = vi.spyOn(db, 'select').mockImplementation(() => {
      throw new Error('gone');
    });
    const answer = await browser.get('/api/auth/session');
    select.mockRestore();
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(browser.cookies.has(SESSION)).toBe(true);
    expect((await browser.get('/api/auth/session')).status).toBe(200);
  });
});

describe('without an account', () => {
  it('no question about the session opens or makes a database', async () => {
    await withServer({ database: 'none' });
    const browser = new Browser();
    browser.cookies.set(
      SESSION,
      await sealSession({ sub: crypto.randomUUID(), sid: crypto.randomUUID() }),
    );
    expect(await (await browser.get('/api/auth/session')).json()).toEqual({});
    await browser.get('/api/auth/csrf');
    expect((await browser.signIn(EMAIL, TEST_PASSWORD)).status).toBe(401);
    const { databaseExists } = await import('@/lib/server/db/database');
    const { serverEnv } = await import('@/lib/server/process/env');
    if (serverEnv().databaseUrl === null) expect(databaseExists()).toBe(false);
  });
});
