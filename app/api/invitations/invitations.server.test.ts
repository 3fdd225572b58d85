import { beforeEach, describe, expect, it } from 'vitest';
import { sweepInvitations } from '@/lib/server/accounts/account-links';
import { currentSession } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { invitations, sessions, users } from '@/lib/server/db/schema';
import { Browser, json } from '@/lib/server/testing/browser';
import { makeUser, TEST_PASSWORD } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { DELETE } from './[id]/route';
import { POST as accept } from './accept/route';
import { POST as check } from './check/route';
import { GET, POST } from './route';

const account = (email = 'max@example.org') => ({ name: 'Max', email, password: TEST_PASSWORD });
let owner: Browser;

async function invite(note = 'Max'): Promise<{ id: string; token: string }> {
  const answer = await owner.call(POST, '/api/invitations', json({ note }));
  expect(answer.status).toBe(200);
  return answer.json();
}
const acceptAs = (token: string, as: unknown = account(), browser = new Browser()) =>
  browser.call(accept, '/api/invitations/accept', json({ token, account: as }));
const look = (token: string) =>
  new Browser().call(check, '/api/invitations/check', json({ token }));
const revoke = (id: string, browser = owner) =>
  browser.call(DELETE, `/api/invitations/${id}`, { method: 'DELETE' }, { id });
const listed = async () => (await (await owner.call(GET, '/api/invitations')).json()).invitations;

beforeEach(async () => {
  await withServer();
  owner = new Browser();
  await owner.enterAs(await makeUser({ role: 'owner', name: 'Olga' }));
});

describe('an invitation', () => {
  it('makes one member, who is then signed in', async () => {
    const { token } = await invite();
    expect(await (await look(token)).json()).toEqual({ invitedBy: 'Olga' });
    const browser = new Browser();
    expect((await acceptAs(token, account(), browser)).status).toBe(204);
    const session = await currentSession(browser.request('/'));
    expect(session?.user).toMatchObject({ email: 'max@example.org', role: 'member' });
    expect((await new Browser().signIn('max@example.org', TEST_PASSWORD)).status).toBe(200);
  });

  it('counts once, however many accept it at the same moment', async () => {
    const { token } = await invite();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => acceptAs(token, account(`max-${i}@example.org`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404, 404]);
    const { db } = await database();
    expect(await db.select().from(users)).toHaveLength(2);
    const [row] = await db.select().from(invitations);
    expect(row?.usedAt).toBeInstanceOf(Date);
    expect(row?.usedBy).not.toBeNull();
  });

  it('stays open when its account cannot be made', async () => {
    const { token } = await invite();
    await makeUser({ email: 'max@example.org' });
    const answer = await acceptAs(token, account('MAX@example.org'));
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'SYNC_CONFLICT' });
    expect(
      (await acceptAs(token, { ...account('other@example.org'), password: 'short' })).status,
    ).toBe(400);
    expect((await acceptAs(token, account('other@example.org'))).status).toBe(204);
  });

  it('answers alike when it is used, revoked, over, or was never made', async () => {
    const used = await invite();
    await acceptAs(used.token);
    const revoked = await invite();
    expect((await revoke(revoked.id)).status).toBe(204);
    const over = await invite();
    const { db } = await database();
    await db.update(invitations).set({ expiresAt: new Date(Date.now() - 1000) });
    const refusals = new Set<string>();
    for (const token of [used.token, revoked.token, over.token, 'x', '', 'A'.repeat(43)])
      for (const answer of [await look(token), await acceptAs(token, account('new@example.org'))])
        refusals.add(`${answer.status} ${await answer.text()}`);
    expect(refusals.size).toBe(1);
    expect([...refusals][0]).toMatch(/^404 /);
  });

  it('ends the session of the user who was signed in in that browser', async () => {
    const { token } = await invite();
    const before = owner.request('/');
    expect((await acceptAs(token, account(), owner)).status).toBe(204);
    expect(await currentSession(before)).toBeNull();
    expect((await currentSession(owner.request('/')))?.user.email).toBe('max@example.org');
    const { db } = await database();
    expect(await db.select().from(sessions)).toHaveLength(1);
  });

  it('is stored without what opens it', async () => {
    const { token } = await invite();
    const { db } = await database();
    expect(JSON.stringify(await db.select().from(invitations))).not.toContain(token);
    expect(JSON.stringify(await listed())).not.toContain(token);
  });

  it('is deleted once it cannot be accepted any more', async () => {
    const used = await invite();
    await acceptAs(used.token);
    const { db } = await database();
    await invite();
    await invite();
    await sweepInvitations();
    // the one that was used says who invited whom
    expect(await db.select().from(invitations)).toHaveLength(3);
    await db.update(invitations).set({ expiresAt: new Date(0) });
    await sweepInvitations();
    expect((await db.select().from(invitations)).map(({ id }) => id)).toEqual([used.id]);
  });

  it('is listed while it is open', async () => {
    const first = await invite('First');
    const second = await invite('Second');
    expect((await listed()).map(({ note }: { note: string }) => note)).toEqual(['Second', 'First']);
    await acceptAs(first.token);
    await revoke(second.id);
    expect(await listed()).toEqual([]);
    expect((await revoke(second.id)).status).toBe(404);
    // what was used is history, and not revoked
    expect((await revoke(first.id)).status).toBe(404);
  });
});

describe('only the owner', () => {
  it('makes, lists and revokes invitations', async () => {
    const { id } = await invite();
    const member = new Browser();
    await member.enterAs(await makeUser());
    for (const [browser, status] of [
      [member, 403],
      [new Browser(), 401],
    ] as const) {
      expect((await browser.call(GET, '/api/invitations')).status).toBe(status);
      const made = await browser.call(POST, '/api/invitations', json({ note: '' }));
      expect(made.status).toBe(status);
      expect((await revoke(id, browser)).status).toBe(status);
    }
    expect(await listed()).toHaveLength(1);
  });
});
