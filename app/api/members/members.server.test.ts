import { beforeEach, describe, expect, it } from 'vitest';
import { resetToken } from '@/lib/server/accounts/passwords';
import { currentSession } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { identities, sessions, shares, transcripts, users } from '@/lib/server/db/schema';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD, testPasswordHash } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { POST as checkReset } from '../password-reset/check/route';
import { POST as reset } from '../password-reset/route';
import { POST as makeReset } from './[id]/reset/route';
import { DELETE } from './[id]/route';
import { GET } from './route';

const EMAIL = 'max@example.org';
const NEW_PASSWORD = 'another long one';
let olga = '';
let max = '';
let owner: Browser;
let member: Browser;

const remove = (browser: Browser, id: string) =>
  browser.call(DELETE, `/api/members/${id}`, { method: 'DELETE' }, { id });
const resetLink = (browser: Browser, id: string) =>
  browser.call(makeReset, `/api/members/${id}/reset`, json({}), { id });
const choose = (token: string, password = NEW_PASSWORD, browser = new Browser()) =>
  browser.call(reset, '/api/password-reset', json({ token, password }));
const look = (token: string) =>
  new Browser().call(checkReset, '/api/password-reset/check', json({ token }));

beforeEach(async () => {
  await withServer();
  olga = await makeUser({ role: 'owner', name: 'Olga' });
  max = await makeUser({ email: EMAIL, name: 'Max', passwordHash: await testPasswordHash() });
  owner = new Browser();
  await owner.enterAs(olga);
  member = new Browser();
  await member.enterAs(max);
});

describe('members', () => {
  it('are listed for the owner, without what signs them in', async () => {
    const answer = await owner.call(GET, '/api/members');
    const text = await answer.text();
    expect(JSON.parse(text).members).toMatchObject([
      { id: olga, name: 'Olga', role: 'owner' },
      { id: max, name: 'Max', role: 'member', email: EMAIL },
    ]);
    expect(text).not.toMatch(/scrypt|hash/i);
  });

  it('go with their sessions, list of transcripts, shares and linked accounts', async () => {
    const { db } = await database();
    const later = new Date(Date.now() + 864e5);
    await db.insert(identities).values({ provider: 'oidc', subject: 'max', userId: max });
    await db.insert(transcripts).values({
      ownerId: max,
      id: crypto.randomUUID(),
      title: 'T',
      language: 'en',
      durationMs: 1,
      wordCount: 1,
      tags: [],
      createdAt: new Date(),
      fieldTimes: {},
      revision: 1,
    });
    await db.insert(shares).values({
      idHash: 'h',
      ownerId: max,
      transcriptId: crypto.randomUUID(),
      authHash: 'a',
      hasPassword: false,
      documentBytes: 1,
      audioBytes: 0,
      audioParts: 0,
      expiresAt: later,
    });
    expect((await remove(owner, max)).status).toBe(204);
    expect(await currentSession(member.request('/'))).toBeNull();
    expect((await new Browser().signIn(EMAIL, TEST_PASSWORD)).status).toBe(401);
    for (const table of [identities, transcripts, shares])
      expect(await db.select().from(table)).toHaveLength(0);
    expect(await db.select().from(users)).toHaveLength(1);
    expect(await db.select().from(sessions)).toHaveLength(1);
    expect((await remove(owner, max)).status).toBe(404);
  });

  it('are removed by the owner alone, who cannot be removed', async () => {
    expect((await remove(member, max)).status).toBe(403);
    expect((await remove(member, olga)).status).toBe(403);
    expect((await remove(new Browser(), max)).status).toBe(401);
    expect((await remove(owner, olga)).status).toBe(404);
    expect((await member.call(GET, '/api/members')).status).toBe(403);
    expect((await resetLink(member, olga)).status).toBe(403);
    const { db } = await database();
    expect(await db.select().from(users)).toHaveLength(2);
  });
});

describe('the link for a new password', () => {
  it('sets it once, signs in there and out everywhere else', async () => {
    const { token } = await (await resetLink(owner, max)).json();
    expect(await (await look(token)).json()).toEqual({ email: EMAIL });
    const browser = new Browser();
    expect((await choose(token, NEW_PASSWORD, browser)).status).toBe(204);
    expect((await currentSession(browser.request('/')))?.user.id).toBe(max);
    expect(await currentSession(member.request('/'))).toBeNull();
    expect((await new Browser().signIn(EMAIL, TEST_PASSWORD)).status).toBe(401);
    expect((await new Browser().signIn(EMAIL, NEW_PASSWORD)).status).toBe(200);
    expect((await look(token)).status).toBe(404);
    expect((await choose(token)).status).toBe(404);
  });

  it('counts once when it is used twice at the same moment', async () => {
    const token = await resetToken(max);
    const answers = await Promise.all([choose(token), choose(token, 'yet another one')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
  });

  it('answers alike when it is over, changed, for nobody, or not ours', async () => {
    const good = await resetToken(max);
    const [, time = '', signature = ''] = good.split('.');
    const refusals = new Set<string>();
    for (const token of [
      await resetToken(max, Date.now() - 25 * 3600_000),
      `${olga}.${time}.${signature}`,
      `${max}.${Number(time) + 1}.${signature}`,
      `${crypto.randomUUID()}.${time}.${signature}`,
      `${'-'.repeat(36)}.${time}.${signature}`,
      '',
    ])
      for (const answer of [await look(token), await choose(token)])
        refusals.add(`${answer.status} ${await answer.text()}`);
    expect([...refusals]).toEqual([expect.stringMatching(/^404 /)]);
    expect((await choose(good, EMAIL.toUpperCase())).status).toBe(400);
    expect((await choose(good, 'short')).status).toBe(400);
  });
});
