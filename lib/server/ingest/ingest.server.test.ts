import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import * as audio from '@/app/api/inbox/[id]/audio/route';
import * as signedAudio from '@/app/api/inbox/[id]/signed-audio/route';
import * as transcript from '@/app/api/inbox/[id]/transcript/route';
import * as inbox from '@/app/api/inbox/route';
import * as events from '@/app/api/ingest/events/route';
import { removeMember } from '@/lib/server/accounts';
import { serverEnv } from '@/lib/server/process';
import { everything, withQueue } from '@/lib/server/queue/test-queues';
import { makeUser, signInAs } from '@/lib/server/testing/sign-in';
import { scratchName } from '@/lib/server/testing/test-backends';
import { startChild } from '@/lib/server/testing/test-child';
import { withServer } from '@/lib/server/testing/test-support';
import { serveWork } from '@/lib/server/testing/test-work';
import { sweepIncoming } from './ingest';

const SECRET = 'a-secret-of-the-object-store';
const TOKEN = 'a-token-of-the-workers';
const backends = inject('serverBackends');

const post = (value: unknown, search = `?secret=${SECRET}`) =>
  events.POST(
    new Request(`http://localhost:3000/api/ingest/events${search}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    }),
  );

/** A file of the folder that was last written to this many seconds ago. */
function putFile(dataDir: string, path: string, content: string, ageS: number): void {
  const file = join(dataDir, 'inbox', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const at = Date.now() / 1000 - ageS;
  utimesSync(file, at, at);
}

const addressOf = (id: string, cookie: string) =>
  audio.GET(new Request(`http://localhost:3000/api/inbox/${id}/audio`, { headers: { cookie } }), {
    params: Promise.resolve({ id }),
  });

/** The only job, and where its sound can be had. */
async function onlySound(cookie: string) {
  const [job] = (await everything()).jobs;
  const id = job?.id ?? '';
  const answer = await addressOf(id, cookie);
  const address: { url: string; expiresAt: string } = await answer.json();
  return { id, address };
}

const names = async () => (await everything()).jobs.map(({ name }) => name).toSorted();

it('refuses notifications without the secret, and what is none', async () => {
  await withServer({ env: { INGEST_SECRET: SECRET, WORKER_TOKEN: TOKEN } });
  expect((await post({ Records: [] }, '')).status).toBe(404);
  expect((await post({ Records: [] }, '?secret=a-secret-of-somebody-else')).status).toBe(404);
  expect((await post('{')).status).toBe(400);
  // what only looks as if it came by SNS
  const unsigned = { Type: 'Notification', Message: '{"Records":[]}' };
  expect((await post(unsigned)).status).toBe(403);
  expect((await post({ Records: [] })).status).toBe(204);
});

const onFolder = () => {
  it('gives whole files, once each, and what a user’s folder holds to that user', async () => {
    const { dataDir } = await withServer({ env: { INGEST_SECRET: SECRET, WORKER_TOKEN: TOKEN } });
    withQueue('database', 60_000);
    const userId = await makeUser();
    putFile(dataDir, 'team.wav', 'RIFF', 60);
    putFile(dataDir, `${userId}/own.wav`, 'RIFF', 60);
    putFile(dataDir, 'growing.wav', 'RI', 1);
    putFile(dataDir, 'copied.wav.part', 'RIFF', 60);
    putFile(dataDir, 'empty.wav', '', 60);
    await sweepIncoming();
    await sweepIncoming();
    expect(await names()).toEqual(['own.wav', 'team.wav']);
    const { jobs } = await everything();
    expect(jobs.find(({ name }) => name === 'own.wav')?.ownerId).toBe(userId);
    // neither can be a file here
    for (const name of ['team.wav/within.wav', 'a'.repeat(300)]) {
      const object = { key: `inbox/${name}` };
      const event = { eventSource: 'ceph:s3', eventName: 'ObjectCreated:Put', s3: { object } };
      expect((await post({ Records: [event] })).status).toBe(204);
    }
    expect(await names()).toEqual(['own.wav', 'team.wav']);
    // what its writer added later is another file
    putFile(dataDir, 'growing.wav', 'RIFF', 60);
    putFile(dataDir, 'team.wav', 'RIFF of another recording', 50);
    await sweepIncoming();
    expect(await names()).toEqual(['growing.wav', 'own.wav', 'team.wav', 'team.wav']);
  });

  it('gives nobody what lies in the folder of a member who was removed', async () => {
    const { dataDir } = await withServer();
    withQueue('database', 60_000);
    const userId = await makeUser();
    putFile(dataDir, `${userId}/private.wav`, 'RIFF', 60);
    await sweepIncoming();
    expect(await names()).toEqual(['private.wav']);
    await removeMember(userId);
    await sweepIncoming();
    expect(await names()).toEqual([]);
  });

  it('gives the sound to its owner by an address that holds for minutes, and to nobody else', async () => {
    const { dataDir } = await withServer();
    withQueue('database', 60_000);
    const owner = await signInAs(await makeUser());
    const other = await signInAs(await makeUser());
    putFile(dataDir, `${owner.userId}/a.wav`, '0123456789', 60);
    await sweepIncoming();
    const { id, address } = await onlySound(owner.cookie);
    expect((await addressOf(id, other.cookie)).status).toBe(404);
    // anyone with the address needs no session
    const get = (url: string) =>
      signedAudio.GET(
        new Request(new URL(url, 'http://localhost:3000'), { headers: { range: 'bytes=2-4' } }),
        { params: Promise.resolve({ id }) },
      );
    const found = await get(address.url);
    expect([found.status, await found.text()]).toEqual([206, '234']);
    const later = address.url.replace(/expires=(\d+)/, (_, at) => `expires=${Number(at) + 1}`);
    for (const forged of [later, address.url.replace(/.$/, '-')])
      expect((await get(forged)).status).toBe(404);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(address.expiresAt) });
    onTestFinished(() => void vi.useRealTimers());
    expect((await get(address.url)).status).toBe(404);
    vi.useRealTimers();
    putFile(dataDir, `${owner.userId}/a.wav`, 'replaced', 50);
    expect((await get(address.url)).status).toBe(404);
    expect((await addressOf(id, owner.cookie)).status).toBe(404);
  });
};

const onBucket = () => {
  it('object put, real notification, job, worker, transcript', async () => {
    const prefix = scratchName('inbox');
    await withServer({
      env: { INGEST_SECRET: SECRET, WORKER_TOKEN: TOKEN, INGEST_PREFIX: prefix },
    });
    withQueue('database', 60_000);
    // what the gateway posts goes to the route
    const server = createServer((request, answer) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', async () => {
        const { search } = new URL(request.url ?? '', 'http://localhost');
        answer.writeHead((await post(Buffer.concat(parts).toString(), search)).status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const put = await notifiedBucket(`http://127.0.0.1:${port}/?secret=${SECRET}`, prefix);
    const wav = readFileSync('e2e/fixtures/audio/speech.wav');
    const key = `${prefix}/a b ấ+c.wav`;
    await put(key, wav);
    await vi.waitFor(async () => expect(await names()).toEqual(['a b ấ+c.wav']), {
      timeout: 20_000,
      interval: 100,
    });
    // neither the sweep nor a repeated notification makes another one
    await sweepIncoming();
    await post({
      Records: [
        { eventSource: 'ceph:s3', eventName: 'ObjectCreated:Put', s3: { object: { key } } },
        { eventSource: 'ceph:s3', eventName: 'ObjectCreated:Put', s3: { object: { key: 'no' } } },
      ],
    });
    expect(await names()).toHaveLength(1);
    startChild('work-process', await serveWork(), TOKEN);
    await vi.waitFor(async () => expect((await everything()).jobs[0]?.state).toBe('done'), {
      timeout: 20_000,
      interval: 100,
    });
    const { cookie } = await signInAs(await makeUser());
    const asked = new Request('http://localhost:3000/api/inbox', { headers: { cookie } });
    const [item] = (await (await inbox.GET(asked)).json()).items;
    expect(item).toMatchObject({ state: 'done', sizeBytes: wav.length });
    const made = await transcript.GET(asked, { params: Promise.resolve({ id: item.id }) });
    expect((await made.json()).segments).toHaveLength(3);
  });

  it('gives a browser an address of the store itself, where it reaches that', async () => {
    const prefix = scratchName('inbox');
    const { s3 } = backends.kind === 'services' ? backends : { s3: null };
    await withServer({
      env: { INGEST_PREFIX: prefix, S3_PUBLIC_ENDPOINT: s3?.endpoint ?? '' },
    });
    withQueue('database', 60_000);
    const put = await notifiedBucket(null, prefix);
    await put(`${prefix}/a b ấ+c.wav`, Buffer.from('0123456789'));
    await sweepIncoming();
    const { cookie } = await signInAs(await makeUser());
    const { address } = await onlySound(cookie);
    expect(new URL(address.url).origin).toBe(new URL(s3?.endpoint ?? '').origin);
    const found = await fetch(address.url, { headers: { range: 'bytes=2-4' } });
    expect([found.status, await found.text()]).toEqual([206, '234']);
    expect(found.headers.get('content-disposition')).toMatch(/^attachment/);
    const forged = address.url.replace('X-Amz-Expires=300', 'X-Amz-Expires=301');
    expect((await fetch(forged)).status).toBe(403);
  });

  it('is swept for objects whose notification was lost', async () => {
    const prefix = scratchName('inbox');
    await withServer({
      env: { WORKER_TOKEN: TOKEN, INGEST_SECRET: SECRET, INGEST_PREFIX: prefix },
    });
    withQueue('database', 60_000);
    const put = await notifiedBucket(null, prefix);
    await put(`${prefix}/lost.wav`, Buffer.from('RIFF'));
    await put('elsewhere/other.wav', Buffer.from('RIFF'));
    await sweepIncoming();
    expect(await names()).toEqual(['lost.wav']);
  });
};

if (backends.kind === 'services') describe('the bucket', () => onBucket());
else describe('the folder of the data', () => onFolder());

/** Sets up notifications of the gateway, if an address is given. @returns puts an object */
async function notifiedBucket(pushUrl: string | null, prefix: string) {
  const { s3 } = serverEnv();
  if (!s3) throw new Error('There is no bucket.');
  const { accessKeyId, secretAccessKey, endpoint, bucket, region } = s3;
  const keys = { accessKeyId, secretAccessKey, region, retries: 0 };
  const client = new AwsClient({ ...keys, service: 's3' });
  const expectOk = async (answer: Promise<Response>) => {
    const response = await answer;
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return text;
  };
  await expectOk(client.fetch(`${endpoint}/${bucket}`, { method: 'PUT' }));
  if (pushUrl !== null) {
    const sns = new AwsClient({ ...keys, service: 'sns' });
    const topic = await expectOk(
      sns.fetch(`${endpoint}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          Action: 'CreateTopic',
          Name: prefix,
          'Attributes.entry.1.key': 'push-endpoint',
          'Attributes.entry.1.value': pushUrl,
        }).toString(),
      }),
    );
    const arn = /<TopicArn>([^<]+)/.exec(topic)?.[1];
    const rule = `<FilterRule><Name>prefix</Name><Value>${prefix}/</Value></FilterRule>`;
    await expectOk(
      client.fetch(`${endpoint}/${bucket}?notification`, {
        method: 'PUT',
        body: `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TopicConfiguration><Id>new</Id><Topic>${arn}</Topic><Event>s3:ObjectCreated:*</Event><Filter><S3Key>${rule}</S3Key></Filter></TopicConfiguration></NotificationConfiguration>`,
      }),
    );
  }
  return async (key: string, body: Buffer) => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const bytes = Uint8Array.from(body);
    await expectOk(client.fetch(`${endpoint}/${bucket}/${path}`, { method: 'PUT', body: bytes }));
  };
}
