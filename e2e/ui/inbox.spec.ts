import { cpSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { sealSegments } from '../../lib/sealing';
import { expectAccessible } from '../fixtures/accessibility';
import { AppServer } from '../fixtures/app-server';
import { finishJob, WORK_VARIABLES } from '../fixtures/finished-job';
import { expect, test } from '../fixtures/test';
import { Device } from '../pages/device';

const server = new AppServer(WORK_VARIABLES);
test.beforeAll(async () => server.setUp(await server.start()));
test.afterAll(() => server.stop());

/** Puts a recording into a user's folder, and lets it be transcribed. */
async function transcribe(name: string, userId: string, publicKey: string): Promise<void> {
  const folder = join(server.dataDir, 'inbox', userId);
  mkdirSync(folder, { recursive: true });
  cpSync('e2e/fixtures/audio/speech.wav', join(folder, name));
  // it has stood still for a minute
  const then = Date.now() / 1000 - 60;
  utimesSync(join(folder, name), then, then);
  await finishJob(server, `inbox/${userId}/${name}`, ({ id, sealTo }, segments) => {
    expect(sealTo).toBe(publicKey);
    return sealSegments(publicKey, { jobId: id, ordinal: 0 }, segments);
  });
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
  // a recording that does not come is not waited for
  await other.route(/\/signed-audio/, () => undefined);
  await add.click();
  await expect(row.getByRole('progressbar', { name: 'Adding…' })).toBeVisible();
  await row.getByRole('button', { name: /^Cancel adding/ }).click();
  await expect(row.getByRole('progressbar')).toHaveCount(0);
  await other.unroute(/\/signed-audio/);
  await add.click();
  await row.getByRole('link', { name: /^Open/ }).click();
  await expect(other.getByRole('region', { name: 'Transcript' })).toContainText('Hello.');
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
  for (const { context } of [device, second]) await context.close();
});
