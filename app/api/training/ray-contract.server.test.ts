// What the app relies on in Ray's Jobs API, asked of the fake of the other tests and, with `RAY_URL` (and `RAY_TOKEN`),
// of a cluster: `ray start --head`, then RAY_URL=http://127.0.0.1:8265 npx vitest run --project server FILE.
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askTrainer } from '@/lib/server/training/trainer';
import { fakeRay, type RayJob } from './test-ray';

const FAKE_TOKEN = 'the-token';
const cluster = { url: process.env.RAY_URL, token: process.env.RAY_TOKEN };

/** A job needs some seconds to start and to end. */
const WAIT = { timeout: 60_000, interval: 500 };

type Place = () => Promise<{ url: string; token: string | undefined }>;
const fake: Place = async () => ({ ...(await fakeRay(FAKE_TOKEN)), token: FAKE_TOKEN });
const real: Place = async () => ({ url: cluster.url ?? '', token: cluster.token });

async function jobsAt(place: Place) {
  const { url, token } = await place();
  const auth: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const base = `${url}/api/jobs/`;
  const ask = (method: 'GET' | 'POST', path: string, body?: object) =>
    askTrainer(`${base}${path}`, {
      method,
      headers: { ...auth, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const submit = async () => {
    const id = `ai2text-${randomUUID()}`;
    const job = {
      entrypoint: 'sleep 300',
      submission_id: id,
      runtime_env: { env_vars: { AI2TEXT_JOB: '{}' } },
      metadata: { run: 'a run' },
    };
    const { status, text } = await ask('POST', '', job);
    onTestFinished(async () => {
      await ask('POST', `${id}/stop`);
    });
    return { id, job, status, answer: JSON.parse(text) as object };
  };
  const details = async (id: string) => JSON.parse((await ask('GET', id)).text) as RayJob;
  return { base, token, auth, ask, submit, details };
}

describe.each([
  ['the fake of the tests', fake, false],
  ['a Ray cluster (RAY_URL)', real, cluster.url === undefined],
])('the Jobs API of %s', (_, place, isLeftOut) => {
  const test = it.skipIf(isLeftOut);

  test('does not know a job that was not made', async () => {
    const { ask } = await jobsAt(place);
    const answer = { status: 404, text: 'Job ai2text-none does not exist' };
    expect(await ask('GET', 'ai2text-none')).toEqual(answer);
    expect(await ask('POST', 'ai2text-none/stop')).toEqual(answer);
  });

  test('makes a job once, and describes it', async () => {
    const { ask, submit, details } = await jobsAt(place);
    const { id, job, status, answer } = await submit();
    expect(status).toBe(200);
    expect(answer).toEqual({ job_id: id, submission_id: id });
    await expect(ask('POST', '', job)).rejects.toThrow('The trainer answered 500.');
    const { metadata, runtime_env, entrypoint } = job;
    const described = await details(id);
    expect(described).toMatchObject({ submission_id: id, metadata, runtime_env, entrypoint });
    expect(['PENDING', 'RUNNING']).toContain(described.status);
    expect(Object.keys(described).sort()).toEqual([
      ...['driver_agent_http_address', 'driver_exit_code', 'driver_info', 'driver_node_id'],
      ...['end_time', 'entrypoint', 'error_type', 'job_id', 'message', 'metadata', 'runtime_env'],
      ...['start_time', 'status', 'submission_id', 'type'],
    ]);
  });

  test('refuses fields that it does not know, and metadata that is no text', async () => {
    const { ask } = await jobsAt(place);
    const job = { entrypoint: 'true', submission_id: `ai2text-${randomUUID()}` };
    expect((await ask('POST', '', { ...job, priority: 1 })).status).toBe(400);
    expect((await ask('POST', '', { ...job, metadata: { version: 1 } })).status).toBe(400);
    expect((await ask('POST', '', { submission_id: job.submission_id })).status).toBe(400);
  });

  test('stops a job, once', async () => {
    const { ask, submit, details } = await jobsAt(place);
    const { id } = await submit();
    expect(await ask('POST', `${id}/stop`)).toMatchObject({ status: 200 });
    const isStopped = async () => expect((await details(id)).status).toBe('STOPPED');
    await vi.waitFor(isStopped, WAIT);
    expect((await details(id)).message).toBe('Job was intentionally stopped.');
    expect(JSON.parse((await ask('POST', `${id}/stop`)).text)).toEqual({ stopped: false });
  });

  test('lets browsers look, but change nothing', async () => {
    const { base, auth } = await jobsAt(place);
    const unknown = `${base}ai2text-none`;
    expect((await fetch(unknown, { headers: auth })).status).toBe(404);
    // Node's `fetch` says `sec-fetch-mode`
    const stopped = await fetch(`${unknown}/stop`, { method: 'POST', headers: auth });
    expect(stopped.status).toBe(405);
  });

  test('wants its token, where it has one', async ({ skip }) => {
    const { base, token } = await jobsAt(place);
    skip(token === undefined, 'RAY_TOKEN is not set');
    const ask = (headers: Record<string, string>) =>
      askTrainer(`${base}ai2text-none`, { method: 'GET', headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: 'Bearer another' })).status).toBe(403);
  });
});
