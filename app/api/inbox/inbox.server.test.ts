import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newId } from '@/lib/core';
import { newOwnerKey, openSegments, sealSegments } from '@/lib/sealing';
import { database, workJobs } from '@/lib/server/db';
import { sweepRemoved } from '@/lib/server/queue';
import { everything, newJob, QUEUES, withQueue } from '@/lib/server/queue/test-queues';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { serveWork } from '@/lib/server/testing/test-work';
import * as restore from './[id]/restore/route';
import * as one from './[id]/route';
import * as transcript from './[id]/transcript/route';
import * as key from './key/route';
import * as inbox from './route';
import * as seen from './seen/route';
import * as unread from './unread/route';

const TOKEN = 'a-token-of-the-workers';
const never = AbortSignal.timeout(60_000);
const worker = { id: newId(), name: 'test' };
const times = { startMs: 1, endMs: 2 };
const segments = [
  {
    ...{ id: 's1', ...times, speakerId: null, edited: false, text: 'secret' },
    words: [{ text: 'secret', ...times, confidence: 1 }],
  },
];
const result = {
  ...{ durationMs: 1000, mediaType: 'audio/wav', language: 'en' },
  model: { id: 'test', backend: 'wasm' as const, precision: 'none' },
};

/** Calls a route as a page does. */
async function call(
  handler: typeof inbox.GET,
  { cookie }: Pick<SignedIn, 'cookie'>,
  { method = 'GET', id, body }: { method?: string; id?: string; body?: object } = {},
) {
  const request = new Request('http://localhost:3000/api/inbox', {
    method,
    headers: {
      ...{ cookie, 'sec-fetch-site': 'same-origin' },
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await handler(request, { params: Promise.resolve(id ? { id } : {}) });
  return { status: answer.status, value: answer.status === 204 ? null : await answer.json() };
}

const chooseKey = (by: SignedIn, publicKey: string | null) =>
  call(key.PUT, by, { method: 'PUT', body: { publicKey } });

/** All that is stored of jobs, as text. */
const stored = async () => JSON.stringify(await everything());

/** A signed-in user, and their jobs; the queue is empty. */
async function newInbox(jobs: number) {
  await withServer({ env: { WORKER_TOKEN: TOKEN } });
  const queue = withQueue('database', 60_000);
  const user = await signInAs(await makeUser());
  await queue.add(
    Array.from({ length: jobs }, (_, at) => ({ ...newJob(at), ownerId: user.userId })),
  );
  const lease = async () => {
    const job = await queue.lease(worker, 2_000, never);
    if (!job) throw new Error('There was no job.');
    return job;
  };
  const finishPlain = async () => {
    const job = await lease();
    const progress = JSON.stringify({ batches: 1 });
    await queue.storeBatch(job.id, job.lease, { ordinal: 0, segments, progress });
    await queue.finish(job.id, job.lease, result);
    return job.id;
  };
  return { queue, user, lease, finishPlain };
}

describe('a transcript of an owner who has a key', () => {
  it.each(QUEUES)(
    'is sealed when it reaches the server, over the kill of a worker (%s)',
    async (kind) => {
      await withServer({ env: { WORKER_TOKEN: TOKEN } });
      const queue = withQueue(kind, 1_000);
      const owner = await signInAs(await makeUser());
      const other = await signInAs(await makeUser());
      const ownerKey = await newOwnerKey();
      expect((await chooseKey(owner, ownerKey.publicKey)).status).toBe(204);
      await queue.add([{ ...newJob(1), ownerId: owner.userId }]);
      const { id } = newJob(1);
      const url = await serveWork();
      const first = startChild('work-process', url, TOKEN, '2');
      expect([await first.said(), await first.said()]).toEqual(['working', 'hanging']);
      await first.kill();
      startChild('work-process', url, TOKEN);
      await expect
        .poll(async () => (await everything()).jobs[0]?.state, { timeout: 20_000 })
        .toBe('done');

      const text = await stored();
      for (const word of ['w1', 'w2', 'w3']) expect(text).not.toContain(`"${word}"`);
      expect((await call(transcript.GET, other, { id })).status).toBe(404);
      const { value } = await call(transcript.GET, owner, { id });
      expect(value).toMatchObject({ sealedTo: ownerKey.publicKey, language: 'en' });
      expect(value).not.toHaveProperty('segments');
      const batches: { ordinal: number; sealed: string }[] = value.sealedBatches;
      const opened = await Promise.all(
        batches.map(({ ordinal, sealed }) =>
          openSegments(ownerKey, { jobId: id, ordinal }, sealed),
        ),
      );
      expect(opened.flat().map((segment) => segment.text)).toEqual(['w1', 'w2', 'w3']);
    },
  );

  it('is not taken plain, nor another one sealed', async () => {
    const { queue, user, lease } = await newInbox(1);
    const { publicKey } = await newOwnerKey();
    await chooseKey(user, publicKey);
    const job = await lease();
    expect(job.sealTo).toBe(publicKey);
    const place = { jobId: job.id, ordinal: 0 };
    const batch = { ordinal: 0, segments, progress: '{}' };
    const refused = { code: 'BAD_REQUEST' };
    await expect(queue.storeBatch(job.id, job.lease, batch)).rejects.toMatchObject(refused);
    expect(await stored()).not.toContain('secret');
    const sealed = await sealSegments(publicKey, place, segments);
    await queue.storeBatch(job.id, job.lease, { ...batch, segments: sealed });
    await queue.add([newJob(7)]);
    const teams = await lease();
    expect(teams.sealTo).toBeNull();
    await expect(
      queue.storeBatch(teams.id, teams.lease, { ...batch, segments: sealed }),
    ).rejects.toMatchObject(refused);
  });

  it('stays as it began when the owner chooses again; later ones go by the choice', async () => {
    const { queue, user, lease } = await newInbox(1);
    const { publicKey } = await newOwnerKey();
    const begun = await lease();
    await queue.storeBatch(begun.id, begun.lease, { ordinal: 0, segments, progress: '{}' });
    await chooseKey(user, publicKey);
    const stopped = { code: 'ABORTED' as const, message: 'The worker was stopped.' };
    await queue.fail(begun.id, begun.lease, stopped, false);
    await queue.retry(begun.id).catch(() => undefined);
    const { db } = await database();
    await db.update(workJobs).set({ availableAt: sql`now()` });
    expect(await lease()).toMatchObject({ id: begun.id, sealTo: null, batches: 1 });
    await queue.add([{ ...newJob(5), ownerId: user.userId }]);
    expect(await lease()).toMatchObject({ id: newJob(5).id, sealTo: publicKey });
    expect((await call(inbox.GET, user)).value).toMatchObject({ publicKey });
    await chooseKey(user, null);
    await queue.add([{ ...newJob(6), ownerId: user.userId }]);
    expect(await lease()).toMatchObject({ id: newJob(6).id, sealTo: null });
  });
});

it('takes no key that is not one', async () => {
  const { user } = await newInbox(0);
  const { publicKey } = await newOwnerKey();
  expect((await chooseKey(user, 'A'.repeat(87))).status).toBe(400);
  expect((await chooseKey(user, `${publicKey}A`)).status).toBe(400);
  expect((await call(inbox.GET, user)).value).toEqual({ items: [], publicKey: null });
});

it('counts what was finished since the inbox was last seen', async () => {
  const { user, finishPlain } = await newInbox(2);
  const count = async () => (await call(unread.GET, user)).value.unread;
  const isNew = async () =>
    (await call(inbox.GET, user)).value.items.map((item: { isNew: boolean }) => item.isNew);
  expect(await count()).toBe(0);
  const id = await finishPlain();
  expect(await count()).toBe(1);
  expect((await isNew()).filter(Boolean)).toHaveLength(1);
  const { items } = (await call(inbox.GET, user)).value;
  const until = items.find((item: { id: string }) => item.id === id).endedAt;
  expect((await call(seen.PUT, user, { method: 'PUT', body: { until } })).status).toBe(204);
  expect([await count(), await isNew()]).toEqual([0, [false, false]]);
  await finishPlain();
  expect(await count()).toBe(1);
  // a clock that is ahead hides nothing that is still to come
  const ahead = { until: '2999-01-01T00:00:00.000Z' };
  await call(seen.PUT, user, { method: 'PUT', body: ahead });
  const { db } = await database();
  await db
    .update(workJobs)
    .set({ endedAt: sql`now() + interval '1 minute'` })
    .where(eq(workJobs.id, id));
  expect(await count()).toBe(1);
});

describe('what is taken off the list', () => {
  it('comes back with its transcript, or to those that wait', async () => {
    const { user, finishPlain } = await newInbox(2);
    const done = await finishPlain();
    const { jobs } = await everything();
    const waiting = jobs.find(({ id }) => id !== done)?.id ?? '';
    for (const id of [done, waiting]) {
      expect((await call(one.DELETE, user, { method: 'DELETE', id })).status).toBe(204);
      expect((await call(transcript.GET, user, { id })).status).toBe(404);
    }
    expect((await call(inbox.GET, user)).value.items).toEqual([]);
    for (const id of [done, waiting])
      expect((await call(restore.POST, user, { method: 'POST', id })).status).toBe(204);
    expect((await call(transcript.GET, user, { id: done })).value).toMatchObject({ segments });
    const { items } = (await call(inbox.GET, user)).value;
    expect(items.map((item: { state: string }) => item.state).toSorted()).toEqual([
      'done',
      'waiting',
    ]);
  });

  it('is erased an hour later, and nobody else brings it back before', async () => {
    const { user, finishPlain } = await newInbox(1);
    const other = await signInAs(await makeUser());
    const id = await finishPlain();
    await call(one.DELETE, user, { method: 'DELETE', id });
    expect((await call(restore.POST, other, { method: 'POST', id })).status).toBe(404);
    await sweepRemoved();
    expect(await stored()).toContain('secret');
    const { db } = await database();
    await db.update(workJobs).set({ removedAt: sql`now() - interval '61 minutes'` });
    await sweepRemoved();
    expect(await stored()).not.toContain('secret');
    expect((await call(restore.POST, user, { method: 'POST', id })).status).toBe(404);
  });
});
