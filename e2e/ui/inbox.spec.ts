import { readFileSync } from 'node:fs';
import { sealSegments } from '../../lib/sealing';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { expect, test } from '../fixtures/test';
import { Device } from '../pages/device';

const server = new AppServer();
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
const JOB = 'ab'.repeat(32);

/** A job of the owner that a worker has finished. @param sealedTo a public key */
async function putDone(name: string, sealedTo: string): Promise<void> {
  const sealed = await sealSegments(sealedTo, { jobId: JOB, ordinal: 0 }, SEGMENTS);
  const source = { key: `inbox/${name}`, etag: '1', sizeBytes: 4 };
  const text = (value: unknown) => `'${JSON.stringify(value)}'`;
  await server.inDatabase(`
    insert into work_jobs (id, owner_id, name, source, state, result, sealed_to, ended_at)
    select '${JOB}', id, '${name}', ${text(source)}, 'done', ${text(RESULT)}, '${sealedTo}', now() from users;
    insert into work_batches (job_id, ordinal, segments) values ('${JOB}', 0, ${text(sealed)});
  `);
}

test('an encrypted transcript is removed, brought back and added where its key is', async ({
  browser,
}) => {
  const device = await Device.open(browser, server);
  const { page } = device;
  await device.signIn();
  await page.goto('/inbox');
  await expect(page.getByText('The inbox is empty.')).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Encrypt my transcripts' }).click();
  const keyPath = await (await saved).path();
  await expect(page.getByRole('button', { name: 'Stop encrypting' })).toBeVisible();
  const { publicKey } = JSON.parse(readFileSync(keyPath, 'utf8'));
  await putDone('talk.wav', publicKey);

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
  const add = row.getByRole('button', { name: /to the library$/ });
  await add.click();
  await expect(
    other.getByText(/^This device does not have the key of this transcript/),
  ).toBeVisible();
  await other.getByLabel('Choose key file').setInputFiles(keyPath);
  await expect(other.getByLabel('Choose key file')).toBeHidden();
  await add.click();
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(other.getByRole('region', { name: 'Transcript' })).toContainText('Hello.');
});
