import { createServer, type Server } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInvitation, setupToken } from '@/lib/server/accounts/account-links';
import { currentSession } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { identities, sessions, users } from '@/lib/server/db/schema';
import { Browser } from '@/lib/server/testing/browser';
import { makeUser, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { startOidcServer, visitOidcServer } from '../../../tools/services/oidc-server';

const CALLBACK = 'http://localhost:3000/api/auth/callback/oidc';
const PEOPLE = {
  anna: { email: 'Anna@example.org', name: 'Anna Schmidt' },
  ben: { email: 'ben@example.org', name: 'Ben' },
  nameless: { email: 'nameless@example.org' },
  silent: { name: 'Silent' },
};
let provider: Awaited<ReturnType<typeof startOidcServer>>;

const envOf = (issuer: string) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: provider.clientId,
  OIDC_CLIENT_SECRET: provider.clientSecret,
});

/** Begins a visit. @returns the provider's address */
async function begin(browser: Browser, body: Record<string, unknown> = {}): Promise<string> {
  const answer = await browser.post('/api/auth/signin/oidc', body);
  expect(answer.status).toBe(200);
  return (await answer.json()).url;
}

/** Comes back from the provider. @returns the path to continue at */
async function comeBack(browser: Browser, url: string): Promise<string> {
  expect(url.startsWith(`${CALLBACK}?`)).toBe(true);
  const answer = await browser.get(url);
  expect(answer.status).toBe(302);
  return (answer.headers.get('location') ?? '').replace('http://localhost:3000', '');
}

async function signIn(
  subject: keyof typeof PEOPLE,
  body: Record<string, unknown> = {},
  browser = new Browser(),
): Promise<{ browser: Browser; path: string }> {
  const url = await visitOidcServer(await begin(browser, body), subject);
  return { browser, path: await comeBack(browser, url) };
}

const userOf = async (browser: Browser) => (await currentSession(browser.request('/')))?.user;

async function link(subject: string, userId: string): Promise<void> {
  const { db } = await database();
  await db.insert(identities).values({ provider: 'oidc', subject, userId });
}

async function invite(): Promise<string> {
  const { db } = await database();
  return (await createInvitation(db, await makeUser({ role: 'owner' }), '')).token;
}

beforeAll(async () => {
  provider = await startOidcServer(CALLBACK, PEOPLE);
});
afterAll(() => provider.close());
beforeEach(async () => {
  await withServer({ env: envOf(provider.issuer) });
});

describe('signing in at a provider', () => {
  it('works for a linked account, with PKCE, state and nonce, and returns to where it began', async () => {
    const anna = await makeUser({ name: 'Anna' });
    await link('anna', anna);
    const browser = new Browser();
    const url = await begin(browser, { callbackUrl: '/models?x=1#secret' });
    const { searchParams } = new URL(url);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)?.length, name).toBeGreaterThan(20);
    expect(url).not.toContain('secret');
    const path = await comeBack(browser, await visitOidcServer(url, 'anna'));
    expect(path).toBe('/models?x=1');
    expect((await userOf(browser))?.id).toBe(anna);
    expect([...browser.cookies.keys()].sort()).toEqual([
      'next-auth.callback-url',
      'next-auth.csrf-token',
      'next-auth.session-token',
    ]);
  });

  it('is refused for an account that is linked to nobody, also when its verified address is known', async () => {
    await makeUser({ email: 'anna@example.org', passwordHash: await testPasswordHash() });
    const known = await signIn('anna');
    const unknown = await signIn('ben');
    expect(known.path).toBe('/sign-in?error=not-linked');
    expect(unknown.path).toBe(known.path);
    expect(await userOf(known.browser)).toBeUndefined();
    const { db } = await database();
    expect(await db.select().from(identities)).toHaveLength(0);
    expect(await db.select().from(users)).toHaveLength(1);
  });

  it('does not finish in another browser, nor twice, nor with another state', async () => {
    await link('anna', await makeUser());
    const browser = new Browser();
    const url = await visitOidcServer(await begin(browser), 'anna');
    const thief = new Browser();
    expect(await comeBack(thief, url)).toBe('/sign-in?error=provider');
    await begin(thief);
    expect(await comeBack(thief, url)).toBe('/sign-in?error=provider');
    const forged = new URL(url);
    forged.searchParams.set('state', 'x'.repeat(43));
    const before = new Map(browser.cookies);
    expect(await comeBack(browser, forged.href)).toBe('/sign-in?error=provider');
    for (const [name, value] of before) browser.cookies.set(name, value);
    expect(await comeBack(browser, url)).toBe('/');
    expect(await userOf(browser)).toBeDefined();
    const replayed = new Browser();
    for (const [name, value] of before) replayed.cookies.set(name, value);
    expect(await comeBack(replayed, url)).toBe('/sign-in?error=provider');
    for (const other of [thief, replayed]) expect(await userOf(other)).toBeUndefined();
  });

  it.each(['state', 'nonce', 'pkce.code_verifier'])(
    'is bound to the browser by its %s cookie',
    async (name) => {
      await link('anna', await makeUser());
      const [browser, other] = [new Browser(), new Browser()];
      const url = await visitOidcServer(await begin(browser), 'anna');
      await begin(other);
      const swapped = other.cookies.get(`next-auth.${name}`);
      expect(swapped).toBeDefined();
      browser.cookies.set(`next-auth.${name}`, swapped ?? '');
      expect(await comeBack(browser, url)).toBe('/sign-in?error=provider');
      expect(await userOf(browser)).toBeUndefined();
    },
  );

  it('says so when the provider was left without signing in', async () => {
    const browser = new Browser();
    const state = new URL(await begin(browser)).searchParams.get('state');
    const path = await comeBack(browser, `${CALLBACK}?error=access_denied&state=${state}`);
    expect(path).toBe('/sign-in?error=provider');
  });
});

describe('making an account with a provider', () => {
  it('takes an invitation that was opened in the same browser', async () => {
    const token = await invite();
    const { browser, path } = await signIn('anna', { intent: { kind: 'invite', token } });
    expect(path).toBe('/');
    expect(await userOf(browser)).toMatchObject({
      email: 'anna@example.org',
      name: 'Anna Schmidt',
      role: 'member',
    });
    expect((await signIn('anna')).path).toBe('/');
    expect((await signIn('ben', { intent: { kind: 'invite', token } })).path).toBe(
      '/sign-in?error=invitation-gone',
    );
  });

  it('leaves the invitation open when it cannot be made', async () => {
    const token = await invite();
    const intent = { kind: 'invite', token };
    expect((await signIn('silent', { intent })).path).toBe('/sign-in?error=no-email');
    await makeUser({ email: 'anna@example.org' });
    expect((await signIn('anna', { intent })).path).toBe('/sign-in?error=email-taken');
    await link('ben', await makeUser());
    expect((await signIn('ben', { intent })).path).toBe('/sign-in?error=linked-elsewhere');
    const { browser, path } = await signIn('nameless', { intent });
    expect(path).toBe('/');
    expect((await userOf(browser))?.name).toBe('nameless@example.org');
  });

  it('makes the owner by the set-up link, once', async () => {
    const intent = { kind: 'setup', token: await setupToken() };
    const { browser } = await signIn('anna', { intent });
    expect((await userOf(browser))?.role).toBe('owner');
    expect((await signIn('ben', { intent })).path).toBe('/sign-in?error=setup-done');
    const wrong = { kind: 'setup', token: 'x' };
    expect((await signIn('ben', { intent: wrong })).path).toBe('/sign-in?error=setup-gone');
  });
});

describe('linking a provider in the settings', () => {
  const intent = { kind: 'link' };

  it('adds it to who is signed in, who can then sign in with it', async () => {
    const anna = await makeUser();
    const browser = new Browser();
    await browser.enterAs(anna);
    const { path } = await signIn('ben', { intent, callbackUrl: '/settings' }, browser);
    expect(path).toBe('/settings');
    expect((await userOf(browser))?.id).toBe(anna);
    expect((await userOf((await signIn('ben')).browser))?.id).toBe(anna);
    // the session it began in was replaced
    const { db } = await database();
    expect(await db.select().from(sessions).where(eq(sessions.userId, anna))).toHaveLength(2);
  });

  it('does not take an account away from another user', async () => {
    const anna = await makeUser();
    await link('anna', anna);
    const browser = new Browser();
    const ben = await makeUser();
    await browser.enterAs(ben);
    expect((await signIn('anna', { intent }, browser)).path).toBe(
      '/settings?error=linked-elsewhere',
    );
    expect((await userOf(browser))?.id).toBe(ben);
    const { db } = await database();
    expect((await db.select().from(identities))[0]?.userId).toBe(anna);
  });

  it('needs a session when it begins, and the same one when it ends', async () => {
    const nobody = new Browser();
    expect((await nobody.post('/api/auth/signin/oidc', { intent })).status).toBe(401);
    const browser = new Browser();
    await browser.enterAs(await makeUser());
    const url = await visitOidcServer(await begin(browser, { intent }), 'anna');
    await browser.enterAs(await makeUser());
    expect(await comeBack(browser, url)).toBe('/settings?error=session-ended');
    const { db } = await database();
    expect(await db.select().from(identities)).toHaveLength(0);
  });

  it('is not done by a plain sign-in that follows one that was given up', async () => {
    const browser = new Browser();
    await browser.enterAs(await makeUser());
    await begin(browser, { intent });
    expect((await signIn('anna', {}, browser)).path).toBe('/sign-in?error=not-linked');
    const { db } = await database();
    expect(await db.select().from(identities)).toHaveLength(0);
  });
});

describe('a provider that does not answer', () => {
  let silent: Server;
  beforeAll(async () => {
    silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => silent.close());

  it('is distinguished from a wrong sign-in, at once or after eight seconds', async () => {
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : null;
    for (const [issuer, ms] of [
      ['http://127.0.0.1:1', 4000],
      [`http://127.0.0.1:${port}`, 15_000],
    ] as const) {
      await withServer({ env: envOf(issuer) });
      const startedMs = Date.now();
      const answer = await new Browser().post('/api/auth/signin/oidc', {});
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'SERVER_BUSY' });
      expect(Date.now() - startedMs).toBeLessThan(ms);
    }
  }, 40_000);
});
