import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { database } from '@/lib/server/db/database';
import { trainingRuns } from '@/lib/server/db/schema';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withoutPlans, withServer } from '@/lib/server/testing/test-support';
import { deliverDue } from '@/lib/server/training/deliver';
import { fakeRay } from './test-ray';
import { call, publishOne, runOf, TEST_SECRET, trainingOf } from './test-training';

/** @param token of the cluster; the app is given it, or `given` */
async function withRay(token: string | null = null, given = token) {
  const ray = await fakeRay(token);
  const env = {
    TRAINING_RAY_URL: ray.url,
    ...(given !== null && { TRAINING_RAY_TOKEN: given }),
    TRAINING_SECRET: TEST_SECRET,
    TRAINING_HOURS: '0.0001',
  };
  await withServer({ env });
  const owner = await signInAs(await makeUser({ role: 'owner' }));
  onTestFinished(withoutPlans());
  await publishOne(owner);
  const run = async () => {
    const [first] = (await trainingOf(await call.list(owner))).runs;
    if (!first) throw new Error('There is no run.');
    return first;
  };
  /** As if the wait before the next look was over. */
  const look = async () => {
    const { db } = await database();
    await db.update(trainingRuns).set({ dueAt: sql`now()` });
    await deliverDue();
  };
  return { ...ray, owner, run, look };
}

describe('a run on a Ray cluster', () => {
  it('is one job, also when the answer to the first try was lost', async () => {
    const { jobs, asked, look, run, owner } = await withRay();
    await look();
    expect(jobs.size).toBe(1);
    const { db } = await database();
    await db.update(trainingRuns).set({ state: 'waiting', pending: 'start' });
    await look();
    expect(jobs.size).toBe(1);
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
    const [name] = jobs.keys();
    expect(await run()).toMatchObject({
      state: 'sent',
      engine: 'ray',
      logsUrl: expect.stringContaining(`/#/jobs/${name}`),
    });
    expect((await call.list(owner)).status).toBe(200);
  });

  it('follows what the cluster says of the job', async () => {
    const { jobs, look, run } = await withRay();
    await look();
    const [job] = jobs.values();
    if (!job) throw new Error('No job was made.');
    await look();
    expect((await run()).state).toBe('sent');
    job.status = 'RUNNING';
    await look();
    expect((await run()).state).toBe('running');
    Object.assign(job, { status: 'FAILED', message: 'out of memory' });
    await look();
    expect(await run()).toMatchObject({ state: 'failed', message: 'out of memory' });
  });

  it('shows the end of a long log, without what is no text', async () => {
    const { jobs, look, run } = await withRay();
    await look();
    const log = `Job entrypoint command failed with exit code 1.\n${'line\n'.repeat(500)}\0out of memory\n`;
    Object.assign([...jobs.values()][0] ?? {}, { status: 'FAILED', message: log });
    await look();
    const { state, message } = await run();
    expect(state).toBe('failed');
    expect(message).toMatch(
      /^Job entrypoint command failed with exit code 1\..* … .*line out of memory ?$/,
    );
    expect(message?.length).toBeLessThanOrEqual(300);
  });

  it('is stopped when the owner cancels it', async () => {
    const { jobs, look, run, owner } = await withRay();
    await look();
    expect((await runOf(await call.act(owner, (await run()).id, 'cancel'))).state).toBe(
      'cancelled',
    );
    await look();
    expect([...jobs.values()]).toMatchObject([{ status: 'STOPPED' }]);
  });

  it('has failed when its job ended without a model, or is not known any more', async () => {
    const { jobs, look, run, owner } = await withRay();
    await look();
    const [job] = jobs.values();
    Object.assign(job ?? {}, { status: 'SUCCEEDED' });
    await look();
    expect(await run()).toMatchObject({ state: 'failed', message: expect.stringMatching(/model/) });
    await call.act(owner, (await run()).id, 'retry');
    await look();
    expect(jobs.size).toBe(2);
    jobs.clear();
    await look();
    expect((await run()).state).toBe('failed');
  });

  it('is started and followed on a cluster that wants a token', async () => {
    const { jobs, look, run } = await withRay('the-token');
    await look();
    Object.assign([...jobs.values()][0] ?? {}, { status: 'RUNNING' });
    await look();
    expect((await run()).state).toBe('running');
  });

  it.each([
    ['no token', null],
    ['another token', 'another-token'],
  ])('has failed at once when the cluster gets %s', async (_, given) => {
    const { jobs, look, run } = await withRay('the-token', given);
    await look();
    expect(jobs.size).toBe(0);
    const message = expect.stringContaining('TRAINING_RAY_TOKEN');
    expect(await run()).toMatchObject({ state: 'failed', message });
  });

  it('waits while the cluster does not answer', async () => {
    const { jobs, look, run, setDown } = await withRay();
    setDown(true);
    await look();
    expect((await run()).state).toBe('waiting');
    setDown(false);
    await look();
    expect(jobs.size).toBe(1);
  });
});
