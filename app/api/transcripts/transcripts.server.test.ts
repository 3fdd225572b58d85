import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerSummary } from '@/lib/contracts/transcripts';
import { database } from '@/lib/server/db/database';
import { transcripts, users } from '@/lib/server/db/schema';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { deviceOf } from './test-device';

const ID = '5f0c2f4e-8a3e-4c55-9d0b-1f6f4c1f7a10';
const OTHER_ID = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

const times = (at: number) => ({
  title: at,
  language: at,
  durationMs: at,
  wordCount: at,
  tags: at,
  deleted: 0,
});

const body = (change: object = {}, at = 1_000) => ({
  title: 'Interview',
  language: 'en',
  durationMs: 60_000,
  wordCount: 120,
  tags: ['work'],
  createdAt: '2026-01-02T03:04:05.000Z',
  fieldTimes: times(at),
  ...change,
});

let user: string;
let device: ReturnType<typeof deviceOf>;

beforeEach(async () => {
  await withServer();
  user = await makeUser();
  device = deviceOf(await signInAs(user));
});

describe('the list of transcripts', () => {
  it('keeps what a device puts there, and gives it to the others', async () => {
    const put = await device.put(ID, body());
    expect(put).toMatchObject({ status: 200, body: { id: ID, title: 'Interview', revision: 1 } });
    const other = deviceOf(await signInAs(user, 'Other device'));
    expect(await other.list()).toEqual({
      status: 200,
      body: { items: [put.body], revision: 1, more: false },
    });
  });

  it('says only what is new after a revision, page by page', async () => {
    const ids = [ID, OTHER_ID, 'ffffffff-4e5f-4a6b-8c7d-9e0f1a2b3c4d'];
    for (const id of ids) await device.put(id, body());
    const first = await device.list('?since=0&limit=2');
    expect(first.body).toMatchObject({ revision: 2, more: true });
    const second = await device.list('?since=2&limit=2');
    expect(second.body).toMatchObject({ revision: 3, more: false });
    const seen = [...first.body.items, ...second.body.items].map(({ id }: ServerSummary) => id);
    expect(seen).toEqual(ids);
    expect((await device.list('?since=3')).body).toEqual({ items: [], revision: 3, more: false });
  });

  it('says that it has lost something to a device that has seen more', async () => {
    await device.put(ID, body());
    expect((await device.list('?since=9')).body).toEqual({ items: [], revision: 1, more: false });
  });

  it('keeps the later write of each field, whichever comes first', async () => {
    await device.put(ID, body({ title: 'Later', fieldTimes: { ...times(1_000), title: 5_000 } }));
    const { body: merged } = await device.put(
      ID,
      body({ title: 'Early', tags: ['a', 'b'], fieldTimes: { ...times(900), tags: 4_000 } }),
    );
    expect(merged).toMatchObject({ title: 'Later', tags: ['a', 'b'], revision: 2 });
  });

  it('counts no revision for what it knew', async () => {
    await device.put(ID, body());
    expect((await device.put(ID, body())).body).toMatchObject({ revision: 1 });
    expect((await device.put(ID, body({ title: 'Older' }, 10))).body).toMatchObject({
      revision: 1,
      title: 'Interview',
    });
  });

  it('believes no clock that is more than two minutes ahead', async () => {
    const before = Date.now();
    const { body: put } = await device.put(ID, body({}, 8_000_000_000_000));
    expect(put.fieldTimes.title).toBeGreaterThanOrEqual(before + 120_000);
    expect(put.fieldTimes.title).toBeLessThanOrEqual(Date.now() + 120_000);
  });

  it('keeps nothing of a deleted one, and a later name does not bring it back', async () => {
    await device.put(ID, body({ title: 'Secret plan' }));
    const { body: gone } = await device.remove(ID, '?at=2000');
    expect(gone).toMatchObject({ deleted: true, title: '', tags: [], revision: 2 });
    expect((await device.put(ID, body({ title: 'Again' }, 9_000))).body).toMatchObject({
      deleted: true,
      title: '',
    });
    const { db } = await database();
    expect(JSON.stringify(await db.select().from(transcripts))).not.toMatch(/Secret|Again|work/);
  });

  it('brings a deleted one back with all it had when that is undone later', async () => {
    await device.put(ID, body());
    await device.remove(ID, '?at=2000');
    const undone = body({ fieldTimes: { ...times(1_000), deleted: 2_001 } });
    expect((await device.put(ID, undone)).body).toMatchObject({
      deleted: false,
      title: 'Interview',
      tags: ['work'],
    });
  });

  it('remembers a deletion that was faster than the rest', async () => {
    await device.remove(ID, '?at=2000');
    expect((await device.put(ID, body())).body).toMatchObject({ deleted: true });
  });

  it('takes names of any script', async () => {
    const title = 'Zebra 🦓 ถอดเสียง “quoted” עברית\u200f';
    expect((await device.put(ID, body({ title }))).body.title).toBe(title);
    expect((await device.list()).body.items[0].title).toBe(title);
  });

  it('is removed with its user', async () => {
    await device.put(ID, body());
    const { db } = await database();
    await db.delete(users).where(eq(users.id, user));
    expect(await db.select().from(transcripts)).toEqual([]);
  });
});

describe('who may see and change a list', () => {
  it('is nobody without a session', async () => {
    const stranger = deviceOf(null);
    const answers = [
      await stranger.list(),
      await stranger.put(ID, body()),
      await stranger.remove(ID, '?at=1'),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(3).fill([401, 'UNAUTHENTICATED']),
    );
  });

  it('is not another user, not even by a known id', async () => {
    await device.put(ID, body());
    const other = deviceOf(await signInAs(await makeUser()));
    expect((await other.list()).body.items).toEqual([]);
    // the same id is another transcript on another list
    expect((await other.put(ID, body({ title: 'Mine' }, 9_000))).body.revision).toBe(1);
    await other.remove(ID, '?at=9999');
    expect((await device.list()).body.items).toMatchObject([
      { title: 'Interview', deleted: false, revision: 1 },
    ]);
  });

  it('is not a page of another site', async () => {
    const answer = await device.put(ID, body(), { 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await device.list()).body.items).toEqual([]);
  });
});

describe('what is refused', () => {
  const cases: [string, unknown][] = [
    ['words of a transcript', body({ text: 'hello' })],
    ['segments', body({ segments: [{ text: 'hello' }] })],
    ['unknown times', body({ fieldTimes: { ...times(1), text: 1 } })],
    ['a missing field', body({ wordCount: undefined })],
    ['an empty title', body({ title: '' })],
    ['a title that is too long', body({ title: 'x'.repeat(301) })],
    ['characters that are none', body({ title: 'a\0b' })],
    ['half of a character', body({ title: '\ud83e' })],
    ['too many tags', body({ tags: Array(21).fill('a') })],
    ['a tag that is too long', body({ tags: ['x'.repeat(51)] })],
    ['tags that are none', body({ tags: [{ a: 1 }] })],
    ['a length below zero', body({ durationMs: -1 })],
    ['a count that is not a whole number', body({ wordCount: 1.5 })],
    ['a count beyond the database', body({ wordCount: 3_000_000_000 })],
    ['a date that is none', body({ createdAt: 'yesterday' })],
    ['a date before there were computers', body({ createdAt: '0000-01-01T00:00:00.000Z' })],
    ['a language that is none', body({ language: 'en; drop table' })],
    ['a time that is not a number', body({ fieldTimes: { ...times(1), title: '1' } })],
    ['what is no JSON', '{"title":'],
    ['what is not an object', '[]'],
  ];
  it('is everything that is not a summary, and nothing of it is kept', async () => {
    for (const [what, sent] of cases)
      expect(await device.put(ID, sent), what).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST' },
      });
    expect((await device.list()).body.items).toEqual([]);
  });

  it('is a body that is too large', async () => {
    const answer = await device.put(ID, body({ text: 'x'.repeat(200_000) }));
    expect(answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });

  it('is an id, a place in the list or a moment that is not one', async () => {
    for (const id of ['not-an-id', '../users', `${ID}x`, '%00']) {
      expect((await device.put(id, body())).status, id).toBe(400);
      expect((await device.remove(id, '?at=1')).status, id).toBe(400);
    }
    for (const query of ['?since=-1', '?since=x', '?limit=0', '?limit=501', '?since=0&owner=1'])
      expect((await device.list(query)).status, query).toBe(400);
    for (const query of ['', '?at=', '?at=0', '?at=soon', '?at=1&force=1'])
      expect((await device.remove(ID, query)).status, query).toBe(400);
  });
});
