import { readFileSync } from 'node:fs';
import { AwsClient } from 'aws4fetch';
import { type CephServer, startCeph } from '../../tools/services/ceph';
import { NotHere } from '../../tools/services/commands';
import { AppServer } from '../fixtures/app-server';
import { finishJob, WORK_VARIABLES } from '../fixtures/finished-job';
import { putTranscript } from '../fixtures/seeded-transcript';
import { expect, test } from '../fixtures/test';
import { Device } from '../pages/device';
import { TranscriptPage } from '../pages/transcript';

const BUCKET = 'ai2text-browsers';

let ceph: CephServer | null = null;
let server: AppServer | null = null;

test.beforeAll(async () => {
  test.setTimeout(400_000);
  try {
    ceph = await startCeph();
  } catch (error) {
    // in CI, where everything can be installed, nothing may be skipped
    if (!(error instanceof NotHere) || process.env.CI === 'true') throw error;
    return;
  }
  server = new AppServer({
    ...WORK_VARIABLES,
    S3_ENDPOINT: ceph.endpoint,
    S3_PUBLIC_ENDPOINT: ceph.endpoint,
    S3_BUCKET: BUCKET,
    S3_ACCESS_KEY_ID: ceph.accessKeyId,
    S3_SECRET_ACCESS_KEY: ceph.secretAccessKey,
  });
  await server.setUp(await server.start());
  const { url } = server;
  const preflight = { origin: url, 'access-control-request-method': 'PUT' };
  const rules = () =>
    fetch(`${ceph?.endpoint}/${BUCKET}/key`, { method: 'OPTIONS', headers: preflight });
  await expect.poll(async () => (await rules()).status, { timeout: 60_000 }).toBe(200);
});
test.afterAll(async () => {
  await server?.stop();
  await ceph?.close();
});

test('a browser gives clips to the store itself, and gets a recording of the inbox from it', async ({
  browser,
}) => {
  test.skip(!ceph || !server, "Ceph's S3 gateway cannot be had here.");
  if (!ceph || !server) return;
  const { endpoint, accessKeyId, secretAccessKey } = ceph;
  const device = await Device.open(browser, server);
  const { page } = device;
  await device.signIn();
  /** Answers of the store, and what went through the app though it belongs there. */
  const answers: string[] = [];
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    const method = response.request().method();
    if (origin === endpoint) answers.push(`${method} ${response.status()}`);
    if (method === 'PUT' && pathname.startsWith('/api/dataset/clips')) answers.push(pathname);
  });

  await putTranscript(page, { title: 'Weather report', file: 'speech.flac' });
  await page.getByRole('link', { name: 'Weather report', exact: true }).click();
  const transcript = new TranscriptPage(page);
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('Well, ');
  await transcript.edit.click();
  await transcript.more('Give to a training set');
  const dialog = page.getByRole('dialog', { name: 'Give to a training set' });
  await dialog.getByRole('button', { name: 'Select all clips' }).click();
  await dialog.getByRole('radio', { name: /^CC BY 4\.0/ }).check();
  for (const name of [/^I have the right/, /^Everyone who/, /nothing confidential/])
    await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: 'Give', exact: true }).click();
  const given = dialog.getByRole('list', { name: 'Given from this transcript' });
  await expect(given.getByText('Given', { exact: true })).toHaveCount(1);
  expect(answers).toEqual(['PUT 200']);

  await page.goto('/inbox');
  const hint = await page.getByText(/^Recordings in the folder/).textContent();
  const key = `inbox/${/inbox\/(\S+)/.exec(hint ?? '')?.[1]}/talk.wav`;
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3' });
  const body = readFileSync('e2e/fixtures/audio/speech.wav');
  const put = await client.fetch(`${endpoint}/${BUCKET}/${key}`, { method: 'PUT', body });
  expect(put.status).toBe(200);
  await finishJob(server, key, (_, segments) => segments);
  await page.reload();
  await page.getByRole('button', { name: /with its recording$/ }).click();
  await page.getByRole('link', { name: /^Open talk/ }).click();
  await expect(page.getByRole('region', { name: 'Transcript' })).toContainText('Hello.');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
  expect(answers).toEqual(['PUT 200', 'GET 200']);
  await device.context.close();
});
