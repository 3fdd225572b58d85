import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { database } from '@/lib/server/db/database';
import { trainingRuns } from '@/lib/server/db/schema';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { deliverDue, holdDelivery } from '@/lib/server/training/deliver';
import {
  type Asked,
  call,
  fakeService,
  publishOne,
  runOf,
  TEST_SECRET,
  trainingOf,
} from './test-training';

/** A field that Ray's JobSubmitRequest does not know is refused, as its API's schema says. */
const FIELDS = new Set([
  'entrypoint',
  'submission_id',
  'runtime_env',
  'metadata',
  'entrypoint_num_cpus',
  'entrypoint_num_gpus',
  'entrypoint_memory',
  'entrypoint_resources',
]);

/**
 * Ray's Jobs API as its public description has it (docs.ray.io, "Ray Jobs REST API"): made for these tests, since
 * Ray itself is not part of them.
 */
async function fakeRay() {
  const jobs = new Map<string, { status: string; message?: string }>();
  let isDown = false;
  const answer = ({ method, path, body, headers }: Asked) => {
    if (isDown) return { status: 503 };
    const [, name, stop] = /^\/api\/jobs\/([\w-]*)(\/stop)?$/.exec(path) ?? [];
    if (name === undefined) return { status: 404 };
    const job = jobs.get(name);
    if (method === 'GET') return job ? { status: 200, body: job } : { status: 404 };
    if (stop) {
      if (job) job.status = 'STOPPED';
      return job ? { status: 200, body: { stopped: true } } : { status: 404 };
    }
    const asked = JSON.parse(body) as Record<string, unknown>;
    const id = asked.submission_id;
    const isRight =
      headers['content-type'] === 'application/json' &&
      typeof asked.entrypoint === 'string' &&
      typeof id === 'string' &&
      Object.keys(asked).every((field) => FIELDS.has(field)) &&
      Object.values((asked.metadata ?? {}) as object).every((one) => typeof one === 'string');
    if (!isRight) return { status: 400 };
    // Ray: a job of this id is there already
    if (jobs.has(id)) return { status: 400 };
    jobs.set(id, { status: 'PENDING' });
    return { status: 200, body: { job_id: id, submission_id: id } };
  };
  const service = await fakeService(answer);
  const setDown = (value: boolean) => {
    isDown = value;
  };
  return { ...service, jobs, setDown };
}

async function withRay() {
  const ray = await fakeRay();
  const env = {
    TRAINING_RAY_URL: ray.url,
    TRAINING_SECRET: TEST_SECRET,
    TRAINING_HOURS: '0.0001',
  };
  await withServer({ env });
  const owner = await signInAs(await makeUser({ role: 'owner' }));
  onTestFinished(holdDelivery());
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
    job.status = 'RUNNING';
    await look();
    expect((await run()).state).toBe('running');
    Object.assign(job, { status: 'FAILED', message: 'out of memory' });
    await look();
    expect(await run()).toMatchObject({ state: 'failed', message: 'out of memory' });
  });

  it('is stopped when the owner cancels it', async () => {
    const { jobs, look, run, owner } = await withRay();
    await look();
    expect((await runOf(await call.act(owner, (await run()).id, 'cancel'))).state).toBe(
      'cancelled',
    );
    await look();
    expect([...jobs.values()]).toEqual([{ status: 'STOPPED' }]);
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
