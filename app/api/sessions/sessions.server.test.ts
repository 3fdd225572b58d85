import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { currentSession, sweepSessions } from '@/lib/server/accounts/sessions';
import { database } from '@/lib/server/db/database';
import { sessions } from '@/lib/server/db/schema';
import { Browser } from '@/lib/server/testing/browser';
import { makeUser } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { DELETE as endOne } from './[id]/route';
import { DELETE as endOthers, GET } from './route';

let anna = '';
let phone: Browser;
let laptop: Browser;
let phoneId = '';

const isIn = async (browser: Browser) => (await currentSession(browser.request('/'))) !== null;
const end = (browser: Browser, id: string) =>
  browser.call(endOne, `/api/sessions/${id}`, { method: 'DELETE' }, { id });

beforeEach(async () => {
  await withServer();
  anna = await makeUser();
  phone = new Browser({ 'user-agent': 'Phone' });
  laptop = new Browser({ 'user-agent': 'Laptop' });
  phoneId = await phone.enterAs(anna);
  await laptop.enterAs(anna);
});

describe('the devices of a user', () => {
  it('are listed with what they call themselves, the one that asks marked', async () => {
    await new Browser().enterAs(await makeUser());
    const { db } = await database();
    const old = await new Browser({ 'user-agent': 'Old' }).enterAs(anna);
    await db
      .update(sessions)
      .set({ expiresAt: new Date(0) })
      .where(eq(sessions.id, old));
    const { sessions: listed } = await (await laptop.call(GET, '/api/sessions')).json();
    expect(
      listed.map(({ device, current }: { device: string; current: boolean }) => [device, current]),
    ).toEqual(
      expect.arrayContaining([
        ['Phone', false],
        ['Laptop', true],
      ]),
    );
    expect(listed).toHaveLength(2);
  });

  it('are forgotten once their session has run out', async () => {
    const { db } = await database();
    await db
      .update(sessions)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(sessions.id, phoneId));
    await sweepSessions();
    expect((await db.select().from(sessions)).map(({ device }) => device)).toEqual(['Laptop']);
  });

  it('are signed out one by one', async () => {
    expect((await end(laptop, phoneId)).status).toBe(204);
    expect(await isIn(phone)).toBe(false);
    expect(await isIn(laptop)).toBe(true);
    expect((await phone.call(GET, '/api/sessions')).status).toBe(401);
    expect((await end(laptop, phoneId)).status).toBe(404);
  });

  it('are signed out all but the one that asks', async () => {
    const other = new Browser();
    await other.enterAs(await makeUser());
    const answer = await laptop.call(endOthers, '/api/sessions', { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(await isIn(phone)).toBe(false);
    expect(await isIn(laptop)).toBe(true);
    expect(await isIn(other)).toBe(true);
  });

  it('cannot be signed out by another user, nor by nobody, nor from another site', async () => {
    const stranger = new Browser();
    await stranger.enterAs(await makeUser({ role: 'owner' }));
    expect((await end(stranger, phoneId)).status).toBe(404);
    expect((await end(new Browser(), phoneId)).status).toBe(401);
    expect((await end(laptop, '../../x')).status).toBe(400);
    const forged = laptop.request('/', { headers: { 'sec-fetch-site': 'cross-site' } });
    const answer = await endOne(new Request(forged, { method: 'DELETE' }), {
      params: Promise.resolve({ id: phoneId }),
    });
    expect(answer.status).toBe(403);
    expect(await isIn(phone)).toBe(true);
  });
});
