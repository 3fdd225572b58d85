import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { sealSegments } from '../../lib/sealing';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { expect, test } from '../fixtures/test';
import { Device } from '../pages/device';

const TOKEN = 'a-token-of-the-workers';
const SECRET = 'a-secret-of-the-object-store';
const server = new AppServer({ WORKER_TOKEN: TOKEN, INGEST_SECRET: SECRET });
test.beforeAll(async () => server.setUp(await server.start()));
test.afterAll(() => server.stop());

const words = [{ text: 'Hello.', startMs: 0, endMs: 900, confidence: 0.9 }];
const SEGMENTS = [
  { id: 's1', startMs: 0, endMs: 900, speakerId: null, text: 'Hello.', edited: false, words },
];
const RESULT = {
  ...{ durationMs: 1000, mediaType: 'audio/wav', language: 'en' },
  model: { id: 'test', backend: 'wasm', precision: 'none' },
};

/** Calls a route that programs call. */
async function post(path: string, token: string, body: object) {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  expect(answer.ok, path).toBe(true);
  return answer.status === 204 ? null : answer.json();
}

/** Puts a recording into a user's folder, announces it, and is the worker that transcribes it. */
async function transcribe(name: string, userId: string, publicKey: string): Promise<void> {
  const folder = join(server.dataDir, 'inbox', userId);
  mkdirSync(folder, { recursive: true });
  cpSync('e2e/fixtures/audio/speech.wav', join(folder, name));
  // it has stood still for a minute
  const then = Date.now() / 1000 - 60;
  utimesSync(join(folder, name), then, then);
  const object = { key: `inbox/${userId}/${name}` };
  const event = { eventSource: 'ceph:s3', eventName: 'ObjectCreated:Put', s3: { object } };
  await post('/api/ingest/events', SECRET, { Records: [event] });
  const worker = { workerId: randomUUID(), workerName: 'test', waitMs: 1_000 };
  const { job } = await post('/api/work/lease', TOKEN, worker);
  expect(job.sealTo).toBe(publicKey);
  const { id, lease } = job;
  const segments = await sealSegments(publicKey, { jobId: id, ordinal: 0 }, SEGMENTS);
  const batch = { lease, ordinal: 0, segments, progress: '{}' };
  await post(`/api/work/${id}/batches`, TOKEN, batch);
  await post(`/api/work/${id}/finish`, TOKEN, { lease, result: RESULT });
}

test('an encrypted transcript is removed, brought back and added where its key is', async ({
  browser,
}) => {
  const device = await Device.open(browser, server);
  const { page } = device;
  await device.signIn();
  await page.goto('/inbox');
  const hint = await page.getByText(/^Recordings in the folder/).textContent();
  const userId = /inbox\/(\S+)/.exec(hint ?? '')?.[1] ?? '';
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Encrypt my transcripts' }).click();
  const keyPath = await (await saved).path();
  await expect(page.getByRole('button', { name: 'Stop encrypting' })).toBeVisible();
  const { publicKey } = JSON.parse(readFileSync(keyPath, 'utf8'));
  await transcribe('talk.wav', userId, publicKey);

  await page.goto('/');
  await expect(page.getByText('1 new transcript in the inbox.')).toBeVisible();
  await page.getByRole('link', { name: 'Open inbox' }).click();
  const item = page.getByRole('list', { name: 'Recordings' }).getByRole('listitem');
  await expect(item).toContainText('New');
  await expectAccessible(page, 'inbox');
  await item.getByRole('button', { name: /^Remove/ }).click();
  await expect(item).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(item).toHaveCount(1);

  // another device says what it needs, and reads with the key file
  const second = await Device.open(browser, server);
  const other = second.page;
  await second.restoreSession(await device.context.cookies());
  await other.goto('/inbox');
  const row = other.getByRole('list', { name: 'Recordings' }).getByRole('listitem');
  const add = row.getByRole('button', { name: /with its recording$/ });
  await add.click();
  await expect(
    other.getByText(/^This device does not have the key of this transcript/),
  ).toBeVisible();
  await other.getByLabel('Choose key file').setInputFiles(keyPath);
  await expect(other.getByLabel('Choose key file')).toBeHidden();
  await add.click();
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(other.getByRole('region', { name: 'Transcript' })).toContainText('Hello.');
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
});
