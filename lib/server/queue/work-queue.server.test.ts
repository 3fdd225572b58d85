import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@/lib/core';
import { database, workJobs } from '@/lib/server/db';
import { withServer } from '@/lib/server/testing/test-support';
import { sweepRemoved } from './inbox';
import { everything, newJob, QUEUES, withQueue } from './test-queues';

const LEASE_MS = 600;
const never = new AbortController().signal;
const worker = { id: newId(), name: 'test' };
const failure = { code: 'DECODE_UNSUPPORTED', message: 'This is not a recording.' } as const;
const word = { text: 'a', startMs: 0, endMs: 1, confidence: 1 };
const segment = { ...word, id: 's', speakerId: null, edited: false, words: [word] };
const batch = (ordinal: number) => ({ ordinal, segments: [segment], progress: `p${ordinal}` });
const result = {
  durationMs: 1,
  mediaType: 'audio/wav',
  language: 'en',
  model: { id: 'm', backend: 'wasm' as const, precision: 'int8' },
};

beforeEach(async () => {
  await withServer();
});

describe.each(QUEUES)('jobs that wait in the %s', (kind) => {
  it('are added once, and leased once each', async () => {
    const queue = withQueue(kind, 60_000);
    expect(await queue.add([newJob(1), newJob(2), newJob(1)])).toBe(2);
    expect(await queue.add([newJob(2)])).toBe(0);
    const got = await Promise.all(
      Array.from({ length: 4 }, () => queue.lease(worker, 1_000, never)),
    );
    const ids = got.flatMap((job) => (job ? [job.id] : []));
    expect(ids.toSorted()).toEqual([newJob(1).id, newJob(2).id]);
  });

  it('reach a worker that waits', async () => {
    const queue = withQueue(kind, 60_000);
    const waiting = queue.lease(worker, 8_000, never);
    await queue.add([newJob(1)]);
    expect(await waiting).toMatchObject({ id: newJob(1).id, progress: null, batches: 0 });
  });

  it('go to another worker when the lease is over, with the progress that is stored', async () => {
    const queue = withQueue(kind, LEASE_MS);
    await queue.add([newJob(1)]);
    const first = await queue.lease(worker, 1_000, never);
    if (!first) throw new Error('There was no job.');
    await queue.storeBatch(first.id, first.lease, batch(0));
    const second = await queue.lease({ id: newId(), name: 'other' }, 5_000, never);
    if (!second) throw new Error('The job was not leased again.');
    expect(second).toMatchObject({ id: first.id, progress: 'p0', batches: 1 });
    for (const late of [
      () => queue.storeBatch(first.id, first.lease, batch(1)),
      () => queue.extend(first.id, first.lease),
      () => queue.finish(first.id, first.lease, result),
      () => queue.fail(first.id, first.lease, failure, false),
    ])
      await expect(late()).rejects.toMatchObject({ code: 'SYNC_CONFLICT' });
    await queue.finish(second.id, second.lease, result);
    expect(await queue.lease(worker, 1_500, never)).toBeNull();
  });

  it('stay with a worker that extends its lease', async () => {
    const queue = withQueue(kind, LEASE_MS);
    await queue.add([newJob(1)]);
    const job = await queue.lease(worker, 1_000, never);
    if (!job) throw new Error('There was no job.');
    const other = queue.lease({ id: newId(), name: 'other' }, 1_500, never);
    for (let at = 0; at < 8; at++) {
      await sleep(LEASE_MS / 3);
      await queue.extend(job.id, job.lease);
    }
    expect(await other).toBeNull();
  });

  it('fail in the end when they end every worker, and can be tried again', async () => {
    const queue = withQueue(kind, 50);
    await queue.add([newJob(1)]);
    for (let attempt = 0; attempt < 5; attempt++)
      expect(await queue.lease(worker, 3_000, never)).not.toBeNull();
    expect(await queue.lease(worker, 1_000, never)).toBeNull();
    const [row] = (await everything()).jobs;
    expect(row).toMatchObject({ state: 'failed', attempts: 5 });
    await queue.retry(newJob(1).id);
    expect(await queue.lease(worker, 3_000, never)).toMatchObject({ id: newJob(1).id });
  });

  it('keep no text when they are given up, and start over when they are retried', async () => {
    const queue = withQueue(kind, 60_000);
    await queue.add([newJob(1)]);
    const job = await queue.lease(worker, 1_000, never);
    if (!job) throw new Error('There was no job.');
    await queue.storeBatch(job.id, job.lease, batch(0));
    await queue.drop(job.id);
    const { jobs, batches } = await everything();
    expect(jobs).toMatchObject([{ state: 'dropped', progress: null }]);
    expect(batches).toEqual([]);
    await expect(queue.drop(job.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await queue.retry(job.id);
    expect(await queue.lease(worker, 3_000, never)).toMatchObject({ progress: null, batches: 0 });
  });

  it('lose what an earlier version kept of their text when they were given up', async () => {
    const queue = withQueue(kind, 60_000);
    await queue.add([newJob(1), newJob(2)]);
    for (let taken = 0; taken < 2; taken++) {
      const job = await queue.lease(worker, 1_000, never);
      if (job) await queue.storeBatch(job.id, job.lease, batch(0));
    }
    const { db } = await database();
    await db
      .update(workJobs)
      .set({ state: 'dropped' })
      .where(eq(workJobs.id, newJob(1).id));
    await sweepRemoved();
    const { jobs, batches } = await everything();
    expect(jobs.map(({ id, progress }) => [id, progress]).toSorted()).toEqual([
      [newJob(1).id, null],
      [newJob(2).id, 'p0'],
    ]);
    expect(batches).toMatchObject([{ jobId: newJob(2).id }]);
  });

  it('are not taken again when they were dropped or can only fail', async () => {
    const queue = withQueue(kind, 60_000);
    await queue.add([newJob(1), newJob(2)]);
    await queue.drop(newJob(1).id);
    const job = await queue.lease(worker, 2_000, never);
    if (!job) throw new Error('There was no job.');
    expect(job.id).toBe(newJob(2).id);
    await queue.fail(job.id, job.lease, failure, true);
    expect(await queue.lease(worker, 1_000, never)).toBeNull();
    const states = (await everything()).jobs.map(({ state, lastErrorCode, lastError }) => [
      state,
      lastErrorCode,
      lastError,
    ]);
    expect(states).toContainEqual(['failed', failure.code, failure.message]);
  });
});
