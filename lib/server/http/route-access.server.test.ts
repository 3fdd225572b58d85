import { beforeEach, describe, expect, it } from 'vitest';
import { database, openDatabase } from '@/lib/server/db/database';
import { rateLimits, sessions } from '@/lib/server/db/schema';
import { answerOf, request, TEST_ROUTE_URL, WIDE_LIMIT } from '@/lib/server/testing/request';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { recordStatements } from '@/lib/server/testing/statements';
import { withServer } from '@/lib/server/testing/test-support';
import { route } from './route';

describe('where a write comes from', () => {
  beforeEach(async () => {
    await withServer({ database: 'none', env: { NEXTAUTH_URL: 'https://notes.example' } });
  });

  const write = route({
    name: 'it.write',
    session: 'open',
    limit: WIDE_LIMIT,
    handle: async () => null,
  });
  const send = (headers: Record<string, string>, method = 'POST') =>
    write(new Request(TEST_ROUTE_URL, { method, headers }));

  it.each([
    ['a page of ours', { 'sec-fetch-site': 'same-origin' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['the public address', { origin: 'https://notes.example', cookie: 'a=b' }],
    [
      'the host it was sent to',
      { origin: 'http://10.0.0.7:3000', host: '10.0.0.7:3000', cookie: 'a=b' },
    ],
    ['a program without cookies', {}],
  ])('lets %s write', async (_who, headers: Record<string, string>) => {
    expect((await send(headers)).status).toBe(204);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a neighbour of the same domain', { 'sec-fetch-site': 'same-site' }],
    [
      'another site that claims our address',
      { 'sec-fetch-site': 'cross-site', origin: 'https://notes.example' },
    ],
    ['another site over plain http', { origin: 'http://evil.example', host: '10.0.0.7:3000' }],
    ['our name on another port', { origin: 'https://notes.example:8443' }],
    ['a page without an origin', { origin: 'null' }],
    ['someone with a cookie who says nothing', { cookie: 'a=b' }],
  ])('refuses %s', async (_who, headers: Record<string, string>) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect((await send(headers, method)).status).toBe(403);
  });

  it('lets every site read what is open to everyone', async () => {
    expect((await send({ 'sec-fetch-site': 'cross-site' }, 'GET')).status).toBe(204);
  });
});

const cookie = (value: string) => request('', { headers: { cookie: value } });

describe('who may call a route', () => {
  const open = route({
    name: 'it.open',
    session: 'open',
    limit: WIDE_LIMIT,
    handle: async ({ session }) => ({ user: (await session())?.user ?? null }),
  });
  const own = route({
    name: 'it.own',
    session: 'user',
    limit: WIDE_LIMIT,
    handle: async ({ user }) => user,
  });

  it('refuses who is not signed in, and makes no database to look', async () => {
    await withServer({ database: 'none' });
    expect(await answerOf(await own(request()))).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
    });
    expect((await own(cookie('next-auth.session-token=made-up'))).status).toBe(401);
    expect(await (await open(request())).json()).toEqual({ user: null });
    expect(openDatabase()).toBeNull();
  });
});

describe('whom a route knows', () => {
  // a worker's first database takes a while to open
  beforeEach(async () => {
    await withServer();
  });

  const own = route({
    name: 'it.own',
    session: 'user',
    limit: WIDE_LIMIT,
    handle: async ({ user }) => user,
  });
  const owners = route({
    name: 'it.owners',
    session: 'owner',
    limit: WIDE_LIMIT,
    handle: async ({ user }) => user,
  });

  it('knows who is signed in, and keeps members from what is the owner’s', async () => {
    const member = await signInAs(await makeUser());
    const owner = await signInAs(await makeUser({ role: 'owner' }));
    expect(await (await own(cookie(member.cookie))).json()).toMatchObject({ id: member.userId });
    expect((await owners(cookie(member.cookie))).status).toBe(403);
    expect((await owners(cookie(owner.cookie))).status).toBe(200);
  });

  it('refuses a session from the moment on in which it was ended', async () => {
    const { cookie: value } = await signInAs(await makeUser());
    expect((await own(cookie(value))).status).toBe(200);
    await (await database()).db.delete(sessions);
    expect((await own(cookie(value))).status).toBe(401);
  });

  it('looks up who is signed in only for an open route that wants to know, and once', async () => {
    const openRoute = (
      handle: Parameters<typeof route<undefined, undefined, undefined, 'open'>>[0]['handle'],
    ) =>
      route({ name: 'it.open', session: 'open', limit: { ...WIDE_LIMIT, by: 'address' }, handle });
    const alike = openRoute(async () => null);
    const curious = openRoute(async ({ session }) => [await session(), await session()]);
    const { cookie: value, userId, sessionId } = await signInAs(await makeUser());
    const statements = await recordStatements();
    expect((await alike(cookie(value))).status).toBe(204);
    expect(statements).toEqual([]);
    const current = { user: expect.objectContaining({ id: userId }), sessionId };
    expect(await (await curious(cookie(value))).json()).toEqual([current, current]);
    expect(statements).toEqual([expect.stringContaining('from "sessions"')]);
    await (await database()).db.delete(sessions);
    expect(await (await curious(cookie(value))).json()).toEqual([null, null]);
  });

  it('counts by user where someone is signed in, else by address', async () => {
    const two = route({
      name: 'it.two',
      session: 'open',
      limit: { max: 2, windowS: 60 },
      handle: async () => null,
    });
    const first = await signInAs(await makeUser());
    const second = await signInAs(await makeUser());
    const statuses = async (headers: Record<string, string>) =>
      [
        await two(request('', { headers })),
        await two(request('', { headers })),
        await two(request('', { headers })),
      ].map(({ status }) => status);
    expect(await statuses({ cookie: first.cookie })).toEqual([204, 204, 429]);
    expect(await statuses({ cookie: second.cookie })).toEqual([204, 204, 429]);
    expect(await statuses({})).toEqual([204, 204, 429]);
  });
});

describe('how often a route may be called', () => {
  it('lets exactly as many through as it says when all come at once', async () => {
    await withServer();
    const five = route({
      name: 'it.five',
      session: 'open',
      limit: { max: 5, windowS: 60 },
      handle: async () => null,
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => five(request())));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(7);
    for (const { headers } of refused) {
      const waitS = Number(headers.get('retry-after'));
      expect(waitS).toBeGreaterThan(0);
      expect(waitS).toBeLessThanOrEqual(60);
    }
  });

  it('keeps no address in the database', async () => {
    await withServer({ env: { TRUST_PROXY: '1' } });
    const any = route({
      name: 'it.any',
      session: 'open',
      limit: { max: 9, windowS: 60 },
      handle: async () => null,
    });
    await any(request('', { headers: { 'x-forwarded-for': '203.0.113.9' } }));
    const rows = await (await database()).db.select().from(rateLimits);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('203.0.113.9');
  });
});
