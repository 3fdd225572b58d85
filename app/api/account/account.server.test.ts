import { beforeEach, describe, expect, it } from 'vitest';
import { currentSession } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { identities } from '@/lib/server/db/schema';
import { consume } from '@/lib/server/limits/rate-limit';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST as changePassword } from './password/route';
import { DELETE as unlink } from './providers/[provider]/route';
import { GET } from './route';

const EMAIL = 'anna@example.org';
const NEW_PASSWORD = 'another long one';

const change = (browser: Browser, current: string, next: string) =>
  browser.call(changePassword, '/api/account/password', json({ current, next }));
const drop = (browser: Browser, provider: string) =>
  browser.call(unlink, `/api/account/providers/${provider}`, { method: 'DELETE' }, { provider });

async function enter(given: { passwordHash?: string }, linked: string[] = []): Promise<Browser> {
  const userId = await makeUser({ email: EMAIL, ...given });
  const { db } = await database();
  for (const provider of linked)
    await db.insert(identities).values({ provider, subject: 'anna', userId });
  const browser = new Browser();
  await browser.enterAs(userId);
  return browser;
}

beforeEach(async () => {
  await withServer();
});

describe('the own password', () => {
  it('is changed by who knows it, and signs out everywhere else', async () => {
    const browser = await enter({ passwordHash: await testPasswordHash() });
    const other = new Browser();
    await other.signIn(EMAIL, TEST_PASSWORD);
    expect((await change(browser, TEST_PASSWORD, NEW_PASSWORD)).status).toBe(204);
    expect(await currentSession(browser.request('/'))).not.toBeNull();
    expect(await currentSession(other.request('/'))).toBeNull();
    expect((await new Browser().signIn(EMAIL, TEST_PASSWORD)).status).toBe(401);
    expect((await new Browser().signIn(EMAIL, NEW_PASSWORD)).status).toBe(200);
  });

  it('stays when the current one is wrong or the new one does not fit', async () => {
    const browser = await enter({ passwordHash: await testPasswordHash() });
    expect((await change(browser, 'wrong one', NEW_PASSWORD)).status).toBe(403);
    expect((await change(browser, TEST_PASSWORD, 'short')).status).toBe(400);
    expect((await change(browser, TEST_PASSWORD, EMAIL)).status).toBe(400);
    expect((await change(new Browser(), TEST_PASSWORD, NEW_PASSWORD)).status).toBe(401);
    expect((await new Browser().signIn(EMAIL, TEST_PASSWORD)).status).toBe(200);
  });

  it('can be set by somebody who has none', async () => {
    const browser = await enter({}, ['oidc']);
    expect((await change(browser, '', NEW_PASSWORD)).status).toBe(204);
    expect((await new Browser().signIn(EMAIL, NEW_PASSWORD)).status).toBe(200);
  });

  it('cannot be guessed at from an open session', async () => {
    const browser = await enter({ passwordHash: await testPasswordHash() });
    const user = (await currentSession(browser.request('/')))?.user.id ?? '';
    for (let i = 0; i < 9; i += 1)
      await consume('account.password', user, { max: 10, windowS: 900 });
    expect((await change(browser, 'wrong one', NEW_PASSWORD)).status).toBe(403);
    expect((await change(browser, TEST_PASSWORD, NEW_PASSWORD)).status).toBe(429);
  });
});

describe('linked accounts', () => {
  it('are listed with the providers there are', async () => {
    await withServer({ env: { GITHUB_ID: 'id', GITHUB_SECRET: 'secret' } });
    const browser = await enter({ passwordHash: await testPasswordHash() }, ['github']);
    const answer = await browser.call(GET, '/api/account');
    expect(await answer.json()).toEqual({
      hasPassword: true,
      linked: ['github'],
      providers: [{ id: 'github', name: 'GitHub' }],
    });
  });

  it('can be taken away while something else signs the user in', async () => {
    const browser = await enter({}, ['github', 'oidc']);
    const answers = await Promise.all([drop(browser, 'github'), drop(browser, 'oidc')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await drop(browser, 'google')).status).toBe(404);
    const { db } = await database();
    expect(await db.select().from(identities)).toHaveLength(1);
  });
});
