import { beforeEach, describe, expect, it } from 'vitest';
import { database } from '@/lib/server/db/database';
import { sessions } from '@/lib/server/db/schema';
import { consume } from '@/lib/server/limits/rate-limit';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST } from './[...nextauth]/route';

const EMAIL = 'anna@example.org';
const CREDENTIALS = '/api/auth/callback/credentials';
const PARAMS = { nextauth: ['callback', 'credentials'] };

/** A browser behind an address of its own. */
const at = (address: string) => new Browser({ 'x-forwarded-for': address });

beforeEach(async () => {
  await withServer();
  await makeUser({ email: EMAIL, passwordHash: await testPasswordHash() });
});

/** Tries that were made before; each real one costs a hash. */
async function triedBefore(name: string, who: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await consume(name, who, { max: times, windowS: 900 });
}

describe('brute force', () => {
  it('is stopped at one account, wherever it comes from, also for the right password', async () => {
    await triedBefore('sign-in.account', EMAIL, 8);
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1)
      statuses.push((await at(`10.0.0.${i}`).signIn(EMAIL, `guess ${i}`)).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    const answer = await at('10.0.1.1').signIn(` ${EMAIL.toUpperCase()}`, TEST_PASSWORD);
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is stopped from one address, whatever the accounts, and holds no account back after that', async () => {
    await triedBefore('sign-in.address', '10.0.0.1', 29);
    const attacker = at('10.0.0.1');
    expect((await attacker.signIn('user@example.org', 'guess')).status).toBe(401);
    // an address that is held back cannot use up the tries of an account
    for (let i = 0; i < 11; i += 1)
      expect((await attacker.signIn(EMAIL, 'guess')).status).toBe(429);
    expect((await at('10.0.0.2').signIn(EMAIL, TEST_PASSWORD)).status).toBe(200);
  });

  it('counts tries at the same moment one by one', async () => {
    await triedBefore('sign-in.account', EMAIL, 7);
    const answers = await Promise.all(
      Array.from({ length: 14 }, (_, i) => at(`10.0.2.${i}`).signIn(EMAIL, 'guess')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(11);
  });
});

describe('requests of other sites', () => {
  const body = { email: EMAIL, password: TEST_PASSWORD };

  it('do not sign anybody in without the token of the page', async () => {
    const browser = new Browser();
    const { csrfToken } = await (await browser.get('/api/auth/csrf')).json();
    const other = await (await new Browser().get('/api/auth/csrf')).json();
    for (const csrf of [{}, { csrfToken: '' }, { csrfToken: 'x' }, other]) {
      const answer = await browser.postRaw(CREDENTIALS, { ...body, ...csrf });
      expect(answer.status).toBe(403);
    }
    expect((await browser.postRaw(CREDENTIALS, { ...body, csrfToken })).status).toBe(200);
  });

  it('are recognised by what the browser says about them', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const browser = new Browser(headers);
      const { csrfToken } = await (await browser.get('/api/auth/csrf')).json();
      expect((await browser.postRaw(CREDENTIALS, { ...body, csrfToken })).status).toBe(403);
    }
  });

  it('do not sign anybody out', async () => {
    const browser = new Browser();
    await browser.enterAs(await makeUser());
    expect((await browser.postRaw('/api/auth/signout', {})).status).toBe(403);
    const { db } = await database();
    expect(await db.select().from(sessions)).toHaveLength(1);
  });

  it('cannot be forms: only JSON is taken', async () => {
    const browser = new Browser();
    const { csrfToken } = await (await browser.get('/api/auth/csrf')).json();
    const form = new URLSearchParams({ ...body, csrfToken });
    const answer = await browser.call(POST, CREDENTIALS, { method: 'POST', body: form }, PARAMS);
    expect(answer.status).toBe(400);
  });
});

describe('what is asked of next-auth', () => {
  it('never leads to another site afterwards', async () => {
    for (const callbackUrl of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      'http://localhost:3000.evil.example/',
      'http://localhost:3000@evil.example/',
      'http://localhost:3000//evil.example',
    ]) {
      const answer = await new Browser().signIn(EMAIL, TEST_PASSWORD, { callbackUrl });
      expect((await answer.json()).url, callbackUrl).toBe('http://localhost:3000/');
    }
  });

  it('does not follow an address that was left in its cookie', async () => {
    const browser = new Browser();
    browser.cookies.set('next-auth.callback-url', encodeURIComponent('https://evil.example/'));
    const answer = await browser.post(CREDENTIALS, { email: EMAIL, password: TEST_PASSWORD });
    expect((await answer.json()).url).toBe('http://localhost:3000/');
  });

  it('keeps the path and drops a fragment, which may be a key', async () => {
    const callbackUrl = '/s/abc?t=1#secret';
    const answer = await new Browser().signIn(EMAIL, TEST_PASSWORD, { callbackUrl });
    expect((await answer.json()).url).toBe('http://localhost:3000/s/abc?t=1');
    for (const line of answer.headers.getSetCookie()) expect(line).not.toContain('secret');
  });

  it('is nothing but what the pages need', async () => {
    const browser = new Browser();
    for (const path of [
      'providers',
      'signin',
      'error',
      'signout',
      'callback/credentials',
      'callback/github',
      'verify-request',
      '__proto__',
      'callback/__proto__',
    ])
      expect((await browser.get(`/api/auth/${path}`)).status, path).toBe(404);
    for (const path of [
      '_log',
      'session',
      'signin',
      'signin/email',
      'signin/oidc',
      'callback/oidc',
    ])
      expect((await browser.post(`/api/auth/${path}`, {})).status, path).toBe(404);
  });

  it('has a size, and a form', async () => {
    const browser = new Browser();
    const call = (init: RequestInit) => browser.call(POST, CREDENTIALS, init, PARAMS);
    expect((await call(json({ email: 'x'.repeat(20_000) }))).status).toBe(413);
    expect((await call(json({ email: { $ne: null } }))).status).toBe(400);
    expect((await call(json(null))).status).toBe(400);
    expect((await call({ ...json({}), body: '{"email":' })).status).toBe(400);
    expect((await call({ ...json({}), body: '{"__proto__":{"csrfToken":"x"}}' })).status).toBe(403);
  });
});
