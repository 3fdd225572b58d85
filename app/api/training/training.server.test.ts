import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { database } from '@/lib/server/db/database';
import { trainingRuns } from '@/lib/server/db/schema';
import { readShelf } from '@/lib/server/models/shelf';
import { makeUser, type SignedIn, signInAs } from '@/lib/server/testing/sign-in';
import { withoutPlans, withServer } from '@/lib/server/testing/test-support';
import { deliverDue } from '@/lib/server/training/deliver';
import { startDueRun, sweepTraining } from '@/lib/server/training/runs';
import {
  type Asked,
  call,
  fakeService,
  isSigned,
  type JobData,
  jobIn,
  publishOne,
  runOf,
  TEST_SECRET,
  trainingOf,
} from './test-training';

type Answer = Parameters<typeof fakeService>[0];

/** A server with an owner, and a receiver that answers as the test says. */
async function withReceiver(answer: Answer = () => ({ status: 202 }), hours = '0.0001') {
  const service = await fakeService(answer);
  const env = {
    TRAINING_WEBHOOK_URL: `${service.url}/train`,
    TRAINING_SECRET: TEST_SECRET,
    TRAINING_HOURS: hours,
  };
  await withServer({ env });
  const owner = await signInAs(await makeUser({ role: 'owner' }));
  return { ...service, owner };
}

/** Publishes a version; what it starts is delivered by the test itself. */
async function publish(owner: SignedIn): Promise<void> {
  const release = withoutPlans();
  try {
    await publishOne(owner);
  } finally {
    release();
  }
}

/** As if the wait before the next try was over. */
async function waitIsOver(): Promise<void> {
  const { db } = await database();
  await db.update(trainingRuns).set({ dueAt: sql`now()` });
}

/** As if the trainer had last reported `hours` ago. */
async function heardHoursAgo(hours: number): Promise<void> {
  const { db } = await database();
  await db.update(trainingRuns).set({ heardAt: sql`now() - ${hours} * interval '1 hour'` });
}

/** What an owner's press starts is delivered in a moment. */
const delivered = (asked: readonly Asked[], count: number) =>
  vi.waitFor(() => expect(asked).toHaveLength(count));

const runs = async (owner: SignedIn) => (await trainingOf(await call.list(owner))).runs;

describe('a training run', () => {
  it('starts once for a version, however many instances look', async () => {
    const { owner, asked } = await withReceiver();
    await publish(owner);
    await Promise.all(Array.from({ length: 8 }, () => startDueRun()));
    await Promise.all(Array.from({ length: 8 }, () => deliverDue()));
    await sweepTraining();
    expect(asked).toHaveLength(1);
    const [run, ...others] = await runs(owner);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ version: 'v1', state: 'sent', engine: 'webhook' });
    expect(run?.newMs).toBeGreaterThan(1_000);
  });

  it('is signed, and names no more than a job needs', async () => {
    const { owner, asked } = await withReceiver();
    await publish(owner);
    await deliverDue();
    const [first] = asked;
    expect(first && isSigned(first)).toBe(true);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      type: 'training.start',
      data: { version: 'v1', callbackUrl: 'http://localhost:3000/api/training/callback' },
    });
    expect(first?.body).not.toContain(TEST_SECRET);
  });

  it('does not start before enough is new', async () => {
    const { owner, asked } = await withReceiver(undefined, '1');
    await publish(owner);
    await sweepTraining();
    expect(asked).toEqual([]);
    expect(await runs(owner)).toEqual([]);
  });

  it('is started by the sweep when the process that published has died', async () => {
    const { owner, asked } = await withReceiver();
    await publish(owner);
    const { db } = await database();
    await db.delete(trainingRuns);
    await sweepTraining();
    expect(asked).toHaveLength(1);
  });

  it('is delivered again after a restart, under the same id', async () => {
    let status = 503;
    const { owner, asked } = await withReceiver(() => ({ status }));
    await publish(owner);
    await deliverDue();
    expect(await runs(owner)).toMatchObject([
      { state: 'waiting', message: 'The trainer answered 503.' },
    ]);
    // not before its time
    await deliverDue();
    expect(asked).toHaveLength(1);
    status = 202;
    await waitIsOver();
    await sweepTraining();
    expect(asked.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(2).fill(asked[0]?.headers['webhook-id']),
    );
    expect(await runs(owner)).toMatchObject([{ state: 'sent', message: null }]);
  });

  it('fails at once when it is refused, and can be started again', async () => {
    let status = 401;
    const { owner, asked } = await withReceiver(() => ({ status }));
    await publish(owner);
    await deliverDue();
    const [run] = await runs(owner);
    expect(run).toMatchObject({ state: 'failed', message: expect.stringContaining('401') });
    status = 202;
    expect(await runOf(await call.act(owner, run?.id ?? '', 'retry'))).toMatchObject({
      state: 'waiting',
    });
    await delivered(asked, 2);
    expect(asked[1]?.headers['webhook-id']).not.toBe(asked[0]?.headers['webhook-id']);
    // what the first start still reports is ignored
    const [first, second] = asked.map(jobIn);
    expect(first && (await call.report(first, { state: 'running' })).status).toBe(404);
    expect(second && (await call.report(second, { state: 'running' })).status).toBe(200);
  });

  it('has failed when it is silent for too long, and can be started again', async () => {
    const { owner, asked, job } = await withJob();
    await call.report(job, { state: 'running', progress: 0.5, message: 'Epoch 1' });
    await heardHoursAgo(23);
    await sweepTraining();
    expect(await runs(owner)).toMatchObject([{ state: 'running', failure: null }]);
    // any request of the job is a sign of life
    await heardHoursAgo(25);
    await call.file(job, 'train.jsonl');
    await sweepTraining();
    expect(await runs(owner)).toMatchObject([{ state: 'running', failure: null }]);
    await heardHoursAgo(25);
    await sweepTraining();
    expect(await runs(owner)).toMatchObject([{ state: 'failed', failure: 'silent' }]);
    // it may be alive, and is asked to stop
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ type: 'training.cancel' });
    expect(await (await call.report(job, { state: 'running' })).json()).toEqual({
      state: 'failed',
    });
    // on a slow database it would be delivered before it is answered
    const release = withoutPlans();
    onTestFinished(release);
    const again = await runOf(await call.act(owner, job.run, 'retry'));
    expect(again).toMatchObject({ state: 'waiting', failure: null });
    release();
    await deliverDue();
    await delivered(asked, 3);
    expect(JSON.parse(asked[2]?.body ?? '')).toMatchObject({ type: 'training.start' });
  });

  it('is the owner’s to see and to start', async () => {
    const { owner } = await withReceiver(undefined, '1');
    await publish(owner);
    const member = await signInAs(await makeUser());
    expect((await call.list(member)).status).toBe(403);
    expect((await call.start(member, 'v1')).status).toBe(403);
    expect((await call.start(owner, 'v9')).status).toBe(404);
    const [one, two] = [await call.start(owner, 'v1'), await call.start(owner, 'v1')];
    expect((await runOf(one)).id).toBe((await runOf(two)).id);
  });
});

/** A run that a receiver has taken. */
async function withJob(): Promise<{ owner: SignedIn; asked: Asked[]; job: JobData }> {
  const { owner, asked } = await withReceiver();
  await publish(owner);
  await deliverDue();
  const [first] = asked;
  if (!first) throw new Error('Nothing was delivered.');
  return { owner, asked, job: jobIn(first) };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const FILES = {
  'model.int8.onnx': 'a network',
  'vocab.json': '{}',
  'lm.bin': 'words',
  'search.json': '{"beam":1}',
};

const described = (files: Record<string, string> = FILES) => ({
  family: 'phone-ctc',
  languages: ['en'],
  licence: 'CC-BY-4.0',
  credits: [],
  backends: {
    wasm: {
      precision: 'int8',
      files: {
        network: 'model.int8.onnx',
        vocabulary: 'vocab.json',
        languageModel: 'lm.bin',
        search: 'search.json',
      },
    },
    webgpu: null,
  },
  files: Object.entries(files).map(([path, text]) => ({
    path,
    bytes: text.length,
    sha256: sha256(text),
  })),
});

const scores = { beforePercent: 25.4, afterPercent: 21.3, utterances: 10, words: 120 };
const done = { state: 'done', scores, model: described() };

async function upload(job: JobData, without: readonly string[] = []): Promise<void> {
  for (const [path, text] of Object.entries(FILES).filter(([path]) => !without.includes(path)))
    expect((await call.putFile(job, path, bytesOf(text))).status).toBe(204);
}

describe('a report of a run', () => {
  it('is let in by the token of the run alone', async () => {
    const { job } = await withJob();
    for (const wrong of [{ token: 'x' }, { run: crypto.randomUUID() }]) {
      const other = { ...job, ...wrong };
      expect((await call.report(other, { state: 'running' })).status).toBe(404);
      expect((await call.file(other, 'train.jsonl')).status).toBe(404);
      expect((await call.putFile(other, 'lm.bin', bytesOf('x'))).status).toBe(404);
    }
  });

  it('never takes a run backwards', async () => {
    const { owner, job } = await withJob();
    const running = { state: 'running', progress: 0.5, message: 'Epoch 1' };
    expect(await (await call.report(job, running)).json()).toEqual({ state: 'running' });
    expect(await (await call.report(job, running)).json()).toEqual({ state: 'running' });
    await call.report(job, { state: 'failed', message: 'No memory' });
    expect(await (await call.report(job, running)).json()).toEqual({ state: 'failed' });
    expect(await runs(owner)).toMatchObject([{ state: 'failed', message: 'No memory' }]);
  });

  it('learns that the owner has cancelled, and so does the trainer', async () => {
    const { owner, asked, job } = await withJob();
    expect((await runOf(await call.act(owner, job.run, 'cancel'))).state).toBe('cancelled');
    await delivered(asked, 2);
    expect(asked[1] && isSigned(asked[1])).toBe(true);
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({
      type: 'training.cancel',
      data: { run: job.run },
    });
    await upload(job).catch(() => undefined);
    expect(await (await call.report(job, done)).json()).toEqual({ state: 'cancelled' });
    expect((await readShelf()).models).toEqual([]);
  });

  it('gives the files of its version, and no other', async () => {
    const { job } = await withJob();
    const lines = ['train', 'dev', 'test'].map(async (split) =>
      (await call.file(job, `${split}.jsonl`)).text(),
    );
    const line = (await Promise.all(lines)).join('').trim();
    const { sha256: clip } = JSON.parse(line) as { sha256: string };
    const found = await call.file(job, `clips/${clip.slice(0, 2)}/${clip}.flac`);
    expect(new TextDecoder().decode((await found.arrayBuffer()).slice(0, 4))).toBe('fLaC');
    expect((await call.file(job, 'secret')).status).toBe(404);
  });
});

describe('the model of a run', () => {
  it('comes to the shelf with its word error rates, once, and can be put in use and out of it', async () => {
    const { owner, job } = await withJob();
    await upload(job);
    for (let time = 0; time < 2; time++)
      expect(await (await call.report(job, done)).json()).toEqual({ state: 'done' });
    const { models } = await readShelf();
    expect(models).toMatchObject([
      { family: 'phone-ctc', description: expect.stringMatching(/10 clips.*21\.3 %.*25\.4 %/) },
    ]);
    expect(await runs(owner)).toMatchObject([{ state: 'done', scores, isDefault: false }]);
    expect(await runOf(await call.act(owner, job.run, 'use'))).toMatchObject({ isDefault: true });
    expect((await readShelf()).defaultModelId).toBe(models[0]?.id);
    await call.act(owner, job.run, 'use-previous');
    expect((await readShelf()).defaultModelId).toBeNull();
  });

  it.each([
    ['has another hash', { ...FILES, 'lm.bin': 'WORDS' }],
    ['has another length', { ...FILES, 'lm.bin': 'word' }],
    ['lacks a file that it needs', { 'lm.bin': 'words' }],
  ])('is refused when it %s', async (_what, files) => {
    const { owner, job } = await withJob();
    await upload(job);
    const report = { ...done, model: described(files) };
    expect((await call.report(job, report)).status).toBe(400);
    expect((await readShelf()).models).toEqual([]);
    expect(await runs(owner)).toMatchObject([{ state: 'failed', modelId: null }]);
  });

  it('is refused when a file was not stored', async () => {
    const { owner, job } = await withJob();
    await upload(job, ['lm.bin']);
    expect((await call.report(job, done)).status).toBe(400);
    expect((await readShelf()).models).toEqual([]);
    expect(await runs(owner)).toMatchObject([{ state: 'failed' }]);
  });

  it.each(['run.sh', '..onnx', '.hidden.json'])('has no file %s', async (path) => {
    const { job } = await withJob();
    expect((await call.putFile(job, path, bytesOf('x'))).status).toBe(400);
  });
});
